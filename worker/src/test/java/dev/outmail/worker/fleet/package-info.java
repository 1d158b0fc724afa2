@NullMarked
package dev.outmail.worker.fleet;

import org.jspecify.annotations.NullMarked;
