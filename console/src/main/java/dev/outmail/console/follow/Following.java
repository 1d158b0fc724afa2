package dev.outmail.console.follow;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work by a thread of its own that goes on until this is closed. Where it fails, whatever it was,
/// it tells of the trouble and begins again after a while: a page that stands still until somebody
/// restarts the console is of no use.
public final class Following implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Following.class);
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    private final String what;
    private final Duration retry;
    private final Work work;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Optional<String> trouble;

    /// Runs until it fails, or [#isClosed()]; calls [#goesWell()] now and then.
    @FunctionalInterface
    public interface Work {
        /// Begins, and goes on.
        void run(Following following) throws Exception;
    }

    /// To be started when what the work uses is there.
    ///
    /// @param what it follows, such as `the fleet`
    /// @param retry how long it waits after a failure
    public Following(String what, Duration retry, Work work) {
        this.what = what;
        this.retry = retry;
        this.work = work;
        this.trouble = Optional.of(what + " was not read yet");
        this.thread =
                Thread.ofPlatform()
                        .name("outmail-console-" + what.replaceFirst("^the ", ""))
                        .unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!isClosed()) {
            try {
                work.run(this);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                trouble = Optional.of(what + " can't be read: " + e.getMessage());
                log.atWarn()
                        .addKeyValue("what", what)
                        .addKeyValue("cause", e.toString())
                        .log("Not read now; it is tried again. Does Kafka answer?");
                var _ = isClosed(retry);
            }
        }
    }

    /// The trouble there was is over.
    public void goesWell() {
        trouble = Optional.empty();
    }

    /// Why it is not followed now.
    public Optional<String> trouble() {
        return trouble;
    }

    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// Whether it is closed within a while.
    public boolean isClosed(Duration wait) {
        try {
            return closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TIME_TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
