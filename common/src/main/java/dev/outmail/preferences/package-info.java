/// What recipients chose for themselves: when mail that is for them alone is delivered.
@NullMarked
package dev.outmail.preferences;

import org.jspecify.annotations.NullMarked;
