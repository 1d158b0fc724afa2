package dev.outmail.delivery;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Who speaks on a channel: a worker in one of its lives.
///
/// @param name unique to the process
record Identity(String name, AtomicLong said) {

    /// A worker that starts again is another one: it knows nothing of what it said before.
    static Identity of(String worker) {
        return new Identity(
                worker + "#" + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                new AtomicLong());
    }

    String nextId() {
        return name + "/" + said.incrementAndGet();
    }
}
