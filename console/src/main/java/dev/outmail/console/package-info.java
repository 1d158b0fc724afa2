/// The admin's and operator's pages.
@NullMarked
package dev.outmail.console;

import org.jspecify.annotations.NullMarked;
