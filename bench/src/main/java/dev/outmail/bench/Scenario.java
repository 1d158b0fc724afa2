package dev.outmail.bench;

import java.io.IOException;

/// One question, and the run that answers it.
sealed interface Scenario
        permits Load,
                PublishToDelivery,
                WorkerStart,
                TwoWorkers,
                LedgerTakeover,
                PreferencesLoad,
                SmtpInLoad,
                Backlog {
    /// What `--scenario` calls it.
    String name();

    String question();

    /// Whether it is run only when it is asked for by name.
    default boolean onlyWhenNamed() {
        return false;
    }

    Report run(Options options, Progress progress) throws IOException, InterruptedException;
}
