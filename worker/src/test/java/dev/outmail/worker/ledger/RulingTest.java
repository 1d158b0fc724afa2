package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulingTest {
    @Test
    void whatTheLedgerDoesNotKnowGoes() {
        assertThat(Ruling.on(null, 1)).isEqualTo(Ruling.GO);
    }

    @ParameterizedTest(name = "attempt {2} when the ledger is at {0}({1}): {3}")
    @CsvSource({
        "STARTED, 1, 1, UNRESOLVED",
        "STARTED, 1, 2, GO",
        "STARTED, 2, 1, DUPLICATE",
        "STARTED, 2, 2, UNRESOLVED",
        "STARTED, 2, 3, GO",
        "STARTED, 3, 1, DUPLICATE",
        "WAITING, 0, 1, GO",
        "WAITING, 1, 1, DUPLICATE",
        "WAITING, 1, 2, GO",
        "WAITING, 1, 9, GO",
        "WAITING, 2, 1, DUPLICATE",
        "SETTLED, 1, 1, DUPLICATE",
        "SETTLED, 1, 2, GO",
        "SETTLED, 2, 1, DUPLICATE",
        "HELD,    1, 1, DUPLICATE",
        // what the attempt in doubt had asked for, and then a person's decision
        "HELD,    1, 2, DUPLICATE",
        "HELD,    1, 3, GO",
        "HELD,    2, 1, DUPLICATE",
        "SETTLED, 65535, 65536, DUPLICATE",
        "STARTED, 65535, 70000, UNRESOLVED",
    })
    void anAttemptGoesOnceAndInDoubtWhenItWasBegun(
            Stage stage, int known, int attempt, Ruling ruling) {
        assertThat(Ruling.on(new LedgerEntry(stage, known, 0), attempt)).isEqualTo(ruling);
    }
}
