package dev.outmail.submission.smtp;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that messages on their way in may take together. For many threads.
final class MemoryBudget {
    private final AtomicLong left;

    MemoryBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    long left() {
        return left.get();
    }

    /// What one message takes, until it is closed. For one thread.
    Share share() {
        return new Share();
    }

    final class Share implements AutoCloseable {
        private long taken;

        /// False where there is not as much.
        boolean take(long bytes) {
            if (left.addAndGet(-bytes) < 0) {
                left.addAndGet(bytes);
                return false;
            }
            taken += bytes;
            return true;
        }

        /// The same of as much in all.
        boolean takeInAll(long bytes) {
            return bytes <= taken || take(bytes - taken);
        }

        @Override
        public void close() {
            left.addAndGet(taken);
            taken = 0;
        }
    }
}
