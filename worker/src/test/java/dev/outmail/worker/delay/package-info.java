@NullMarked
package dev.outmail.worker.delay;

import org.jspecify.annotations.NullMarked;
