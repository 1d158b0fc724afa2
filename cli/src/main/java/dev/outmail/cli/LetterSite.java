package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.deadletters.DeadLetterIndex;
import dev.outmail.deadletters.DeadLetters;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.wire.EventCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the dead letters are.
record LetterSite(Deployment deployment, KafkaClients clients, DeadLetters letters) {

    static LetterSite of(KafkaOptions kafka) throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicExists(deployment.topics().deadLetters(), clients);
        var codec = new EventCodec(deployment.limits());
        return new LetterSite(
                deployment, clients, new DeadLetters(clients, deployment.topics(), codec));
    }

    DeadLetterIndex index(@Nullable Instant since, PrintWriter err) {
        try (var progress = new LateProgress(err)) {
            return letters.index(since, progress::to);
        }
    }

    /// Says nothing of reading a few, which is what nearly every command does.
    private static final class LateProgress implements AutoCloseable {
        private static final int MANY = 1_000;

        private final PrintWriter err;
        private @Nullable Progress shown;

        LateProgress(PrintWriter err) {
            this.err = err;
        }

        void to(long count) {
            if (count % MANY == 0) {
                if (shown == null) {
                    shown = Progress.of("Reading dead letters", -1, err);
                }
                shown.to(count);
            }
        }

        @Override
        public void close() {
            if (shown != null) {
                shown.close();
            }
        }
    }
}
