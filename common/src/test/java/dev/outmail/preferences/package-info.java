@NullMarked
package dev.outmail.preferences;

import org.jspecify.annotations.NullMarked;
