@NullMarked
package dev.outmail.worker.progress;

import org.jspecify.annotations.NullMarked;
