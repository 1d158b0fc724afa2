/// How far partitions are done, whoever reads them.
@NullMarked
package dev.outmail.worker.progress;

import org.jspecify.annotations.NullMarked;
