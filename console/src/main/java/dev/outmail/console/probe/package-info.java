/// The test of a connection, step by step.
@NullMarked
package dev.outmail.console.probe;

import org.jspecify.annotations.NullMarked;
