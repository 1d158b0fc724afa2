/// Who is alive, what they apply, and how fast mail goes.
@NullMarked
package dev.outmail.console.fleet;

import org.jspecify.annotations.NullMarked;
