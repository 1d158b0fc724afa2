@NullMarked
package dev.outmail.testkit.smtp;

import org.jspecify.annotations.NullMarked;
