@NullMarked
package dev.outmail.fleet;

import org.jspecify.annotations.NullMarked;
