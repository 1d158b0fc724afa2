/// The real command in real processes, as a user runs it.
@NullMarked
package dev.outmail.systemtest;

import org.jspecify.annotations.NullMarked;
