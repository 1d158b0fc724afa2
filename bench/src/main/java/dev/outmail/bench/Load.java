package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.PeerKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A load as large as each contender can make it, into smtp-sink.
///
/// @param latency each way, between contender and sink
/// @param ours the peer that the others are compared with
/// @param others the peers beside it and smtp-source
record Load(
        String name,
        String question,
        LetterSize size,
        int connections,
        Duration latency,
        PeerKind ours,
        List<PeerKind> others)
        implements Scenario {

    static final List<PeerKind> TRANSPORTS =
            List.of(
                    PeerKind.ANGUS,
                    PeerKind.ANGUS_FIXED,
                    PeerKind.ANGUS_NO_DELAY,
                    PeerKind.SIMPLE_JAVA_MAIL,
                    PeerKind.SIMPLE_JAVA_MAIL_FIXED,
                    PeerKind.SPRING,
                    PeerKind.SPRING_ARRAYS,
                    PeerKind.SPRING_ARRAYS_FIXED,
                    PeerKind.VERTX,
                    PeerKind.HUBSPOT);

    /// Composed messages through the transport.
    static Load transport(String name, LetterSize size, int connections, Duration latency) {
        var way = latency.isZero() ? "" : ", %d ms each way".formatted(latency.toMillis());
        var question =
                "%s with text and HTML on %d connection%s%s: what do composing and sending cost?"
                        .formatted(size.label(), connections, connections == 1 ? "" : "s", way);
        return new Load(name, question, size, connections, latency, PeerKind.OUTMAIL, TRANSPORTS);
    }

    /// Published, through Kafka, sent.
    static Load endToEnd() {
        return new Load(
                "end-to-end",
                "2 KB from publishing through Kafka to the server: what is left of the speed?",
                LetterSize.KB_2,
                10,
                Duration.ZERO,
                PeerKind.OUTMAIL_END_TO_END,
                List.of(PeerKind.SPRING_KAFKA));
    }

    boolean needsKafka() {
        return ours == PeerKind.OUTMAIL_END_TO_END;
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        try (var closer = new Closer()) {
            var run = new LoadRun(this, options, progress, closer);
            run.warmUp();
            for (int round = 1; round <= options.rounds(); round++) {
                run.round(round);
            }
            return run.report();
        }
    }
}
