package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import java.time.Duration;
import java.util.List;

/// All that can be asked.
final class Scenarios {
    private static final int CONNECTIONS = 10;
    private static final Duration NONE = Duration.ZERO;
    private static final Duration NEAR = Duration.ofMillis(20);
    private static final Duration FAR = Duration.ofMillis(80);

    static final List<Scenario> ALL =
            List.of(
                    Load.transport("2kb", LetterSize.KB_2, CONNECTIONS, NONE),
                    Load.transport("2kb-one-connection", LetterSize.KB_2, 1, NONE),
                    Load.transport("50kb", LetterSize.KB_50, CONNECTIONS, NONE),
                    Load.transport("1mb", LetterSize.MB_1, CONNECTIONS, NONE),
                    Load.transport("2kb-20ms", LetterSize.KB_2, CONNECTIONS, NEAR),
                    Load.transport("2kb-80ms", LetterSize.KB_2, CONNECTIONS, FAR),
                    Load.transport("50kb-20ms", LetterSize.KB_50, CONNECTIONS, NEAR),
                    Load.transport("50kb-80ms", LetterSize.KB_50, CONNECTIONS, FAR),
                    Load.transport("1mb-20ms", LetterSize.MB_1, CONNECTIONS, NEAR),
                    Load.transport("1mb-80ms", LetterSize.MB_1, CONNECTIONS, FAR),
                    Load.endToEnd(),
                    new PublishToDelivery(),
                    new WorkerStart(),
                    new TwoWorkers(),
                    new LedgerTakeover(),
                    new PreferencesLoad(),
                    new SmtpInLoad(),
                    new Backlog());

    private Scenarios() {}
}
