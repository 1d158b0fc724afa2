/// The road of what waits: topics of a fixed delay each, and the line that forwards what is due.
@NullMarked
package dev.outmail.worker.delay;

import org.jspecify.annotations.NullMarked;
