/// Whole loads: scenarios, and what they run against.
@NullMarked
package dev.outmail.bench;

import org.jspecify.annotations.NullMarked;
