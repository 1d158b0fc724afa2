@NullMarked
package dev.outmail.settings;

import org.jspecify.annotations.NullMarked;
