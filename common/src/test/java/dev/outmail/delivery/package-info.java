@NullMarked
package dev.outmail.delivery;

import org.jspecify.annotations.NullMarked;
