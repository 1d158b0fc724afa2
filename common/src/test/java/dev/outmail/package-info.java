/// Rules for the module as a whole.
@NullMarked
package dev.outmail;

import org.jspecify.annotations.NullMarked;
