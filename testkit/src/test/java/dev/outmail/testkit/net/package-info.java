@NullMarked
package dev.outmail.testkit.net;

import org.jspecify.annotations.NullMarked;
