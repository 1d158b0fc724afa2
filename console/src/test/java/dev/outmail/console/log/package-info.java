@NullMarked
package dev.outmail.console.log;

import org.jspecify.annotations.NullMarked;
