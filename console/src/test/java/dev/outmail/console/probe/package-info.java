@NullMarked
package dev.outmail.console.probe;

import org.jspecify.annotations.NullMarked;
