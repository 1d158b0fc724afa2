/// What the workers of a fleet agree upon: which servers can't work now, and who asks them again.
@NullMarked
package dev.outmail.worker.fleet;

import org.jspecify.annotations.NullMarked;
