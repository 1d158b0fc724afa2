package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class LedgerClearanceTest {
    private static final List<RecipientVerdict> ADA =
            List.of(
                    new RecipientVerdict(
                            EmailAddress.parse("ada@example.org"),
                            Verdict.ACCEPTED,
                            Reason.ACCEPTED,
                            "250 ok"));

    private final Rig rig = new Rig();
    private boolean owned = true;

    private final LedgerClearance clearance =
            new LedgerClearance(
                    ((Entry.Go) rig.ledger(1).enter(Ids.id(1), 4, 9)).permit(),
                    4,
                    () -> owned,
                    Duration.ofMillis(1));

    @Test
    void anAttemptThatComesToNoStepLeavesNoTrace() {
        assertThat(clearance.hasBegun()).isFalse();
        assertThat(clearance.isReady()).isFalse();
        assertThat(rig.written()).isEmpty();
    }

    @Test
    void leaveIsGivenWhenTheLedgerHasTheAttempt() throws InterruptedException {
        clearance.begin(List.of());
        assertThat(clearance.isReady()).isFalse();
        rig.producer.completeNext();

        assertThat(clearance.isReady()).isTrue();
        assertThat(clearance.granted()).isTrue();
        assertThat(clearance.hasBegun()).isTrue();
        assertThat(rig.writtenByAnybody()).containsExactly(new LedgerRecord(Stage.STARTED, 4, 9));
    }

    @Test
    void thereIsNoLeaveWhileTheLedgerDoesNotAnswer() throws InterruptedException {
        clearance.begin(List.of());

        assertThat(clearance.granted()).isFalse();
    }

    @Test
    void thereIsNoLeaveWhenTheLedgerCannotBeWritten() throws InterruptedException {
        clearance.begin(List.of());
        rig.producer.errorNext(new KafkaException("no"));

        assertThat(clearance.isReady()).isTrue();
        assertThat(clearance.granted()).isFalse();
    }

    @Test
    void thereIsNoLeaveOnceThePartitionIsLost() throws InterruptedException {
        clearance.begin(List.of());
        rig.producer.completeNext();

        owned = false;

        assertThat(clearance.granted()).isFalse();
    }

    @Test
    void theSameStepPreparedAgainIsNotWrittenAgain() {
        clearance.begin(List.of());
        clearance.begin(List.of());

        assertThat(rig.written()).hasSize(1);
    }

    @Test
    void theNextStepIsWrittenWithWhoIsSettledAndNeedsItsOwnAcknowledgement()
            throws InterruptedException {
        clearance.begin(List.of());
        rig.producer.completeNext();

        clearance.begin(ADA);
        assertThat(clearance.isReady()).isFalse();
        assertThat(clearance.granted()).isFalse();
        rig.producer.completeNext();

        assertThat(clearance.granted()).isTrue();
        assertThat(rig.writtenByAnybody())
                .containsExactly(
                        new LedgerRecord(Stage.STARTED, 4, 9),
                        new LedgerRecord(new LedgerEntry(Stage.STARTED, 4, 9), Settled.of(ADA)));
    }

    @Test
    void aStepThatCouldNotBeWrittenIsWrittenAnewWhenPreparedAgain() throws InterruptedException {
        clearance.begin(List.of());
        rig.producer.errorNext(new KafkaException("no"));

        clearance.begin(List.of());
        rig.producer.completeNext();

        assertThat(clearance.granted()).isTrue();
    }

    @Test
    void whoeverAsksWithoutPreparingWaitsForTheLedgerAsWell() throws InterruptedException {
        assertThat(clearance.granted()).isFalse();
        rig.producer.completeNext();

        assertThat(clearance.granted()).isTrue();
        assertThat(rig.written()).hasSize(1);
    }

    @Test
    void anInterruptionIsNoLeave() {
        clearance.begin(List.of());
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(clearance::granted);
    }
}
