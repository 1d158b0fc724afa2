@NullMarked
package dev.outmail.delivery.smtp;

import org.jspecify.annotations.NullMarked;
