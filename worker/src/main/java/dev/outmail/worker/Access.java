package dev.outmail.worker;

import dev.outmail.kafka.AccessCheck;
import dev.outmail.kafka.Grant;
import dev.outmail.kafka.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether Kafka allows this worker all that it has to do: asked from the start on until it does,
/// so that what is missing is named before a mail runs into it. Each run is short and waits for
/// nothing.
final class Access implements Runnable {
    static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(Access.class);

    private final AccessCheck check;

    /// Written by Kafka's client's thread; null until it answered.
    private volatile @Nullable List<Grant> missing;

    /// Of the thread that runs this.
    private CompletableFuture<List<Grant>> asked = CompletableFuture.completedFuture(List.of());

    Access(AccessCheck check) {
        this.check = check;
    }

    @Override
    public void run() {
        var known = missing;
        if (asked.isDone() && (known == null || !known.isEmpty())) {
            asked = check.missing(Role.WORKER);
            var _ = asked.thenAccept(this::learn);
        }
    }

    private void learn(List<Grant> now) {
        var before = missing;
        missing = now;
        if (!now.isEmpty() && !now.equals(before)) {
            log.atError()
                    .addKeyValue("missing", now)
                    .log(
                            "Kafka does not allow this worker all that it needs, and mail waits; see: outmail topics acls --role worker");
        }
        if (now.isEmpty() && before != null) {
            log.atInfo().log("Kafka allows this worker all that it needs now");
        }
    }

    /// What is wrong, if anything is known to be.
    Optional<String> trouble() {
        var now = missing;
        return now == null || now.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Kafka does not allow this worker: "
                                + now.stream()
                                        .map(Grant::toString)
                                        .collect(Collectors.joining(", "))
                                + "; see: outmail topics acls --role worker");
    }
}
