/// What the console always knows, as it reads along.
@NullMarked
package dev.outmail.console.follow;

import org.jspecify.annotations.NullMarked;
