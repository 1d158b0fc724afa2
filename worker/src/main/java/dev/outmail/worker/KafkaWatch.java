package dev.outmail.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/// Whether Kafka answers. To be run now and then: each run asks what everybody may ask, and waits
/// for nothing. Safe for all threads.
final class KafkaWatch implements Runnable {
    static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Admin admin;
    private final LongSupplier nanoTime;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean answered;

    /// Or since when none is there.
    private volatile long answeredNanos;

    KafkaWatch(Admin admin, LongSupplier nanoTime) {
        this.admin = admin;
        this.nanoTime = nanoTime;
        this.answeredNanos = nanoTime.getAsLong();
    }

    @Override
    public void run() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        var _ =
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MILLIS))
                        .clusterId()
                        .whenComplete((id, failure) -> {
                            if (failure == null) {
                                answeredNanos = nanoTime.getAsLong();
                                answered = true;
                            }
                            asking.set(false);
                        });
    }

    boolean isAnswering() {
        return answered && sinceAnswer().compareTo(PATIENCE) < 0;
    }

    Duration sinceAnswer() {
        return Duration.ofNanos(nanoTime.getAsLong() - answeredNanos);
    }
}
