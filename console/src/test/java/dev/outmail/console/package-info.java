/// The console, seen by browsers and programs.
@NullMarked
package dev.outmail.console;

import org.jspecify.annotations.NullMarked;
