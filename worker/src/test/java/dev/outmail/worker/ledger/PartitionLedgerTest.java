package dev.outmail.worker.ledger;

import static dev.outmail.worker.ledger.Stage.HELD;
import static dev.outmail.worker.ledger.Stage.SETTLED;
import static dev.outmail.worker.ledger.Stage.STARTED;
import static dev.outmail.worker.ledger.Stage.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.org");
    private static final EmailAddress EVE = EmailAddress.parse("eve@example.org");

    private final Rig rig = new Rig();

    @Test
    void anEventThatIsNewGoes() {
        var ledger = rig.ledger(1);

        assertThat(ledger.enter(Ids.id(1), 1, 5)).isInstanceOf(Entry.Go.class);
    }

    @Test
    void anEventThatIsBeingDealtWithIsADuplicateUntilItsPermitIsClosed() {
        var ledger = rig.ledger(1);
        var permit = go(ledger, 1, 1, 5);

        assertThat(ledger.enter(Ids.id(1), 1, 6)).isEqualTo(new Entry.Duplicate(false));
        assertThat(ledger.enter(Ids.id(1), 1, 5)).as("itself").isEqualTo(new Entry.NotYet());
        assertThat(ledger.enter(Ids.id(2), 1, 8)).isInstanceOf(Entry.Go.class);
        permit.close();

        assertThat(ledger.enter(Ids.id(1), 1, 6)).isInstanceOf(Entry.Go.class);
    }

    @Test
    void aPermitThatIsClosedTwiceDoesNotEndAnothers() {
        var ledger = rig.ledger(1);
        var first = go(ledger, 1, 1, 5);
        first.close();
        go(ledger, 1, 1, 6);

        first.close();

        assertThat(ledger.enter(Ids.id(1), 1, 7)).isInstanceOf(Entry.Duplicate.class);
    }

    @Test
    void anEventThatIsSettledIsADuplicateAndItsOwnRecordIsToldFromACopy() {
        var ledger = rig.ledger(1);
        try (var permit = go(ledger, 1, 1, 5)) {
            permit.started(1, List.of());
            permit.settled(1);
        }

        assertThat(ledger.enter(Ids.id(1), 1, 5)).isEqualTo(new Entry.Duplicate(true));
        assertThat(ledger.enter(Ids.id(1), 1, 6)).isEqualTo(new Entry.Duplicate(false));
    }

    @Test
    void theAttemptAfterOneThatWaitsGoesOnce() {
        var ledger = rig.ledger(1);
        try (var permit = go(ledger, 1, 1, 5)) {
            permit.started(1, List.of());
            permit.waiting(1);
        }

        try (var permit = go(ledger, 1, 2, 9)) {
            permit.started(2, List.of());
            permit.waiting(2);
        }

        assertThat(ledger.enter(Ids.id(1), 2, 10)).isEqualTo(new Entry.Duplicate(false));
    }

    @Test
    void anAttemptThatWasNotCountedIsMadeAgain() {
        var ledger = rig.ledger(1);
        try (var permit = go(ledger, 1, 1, 5)) {
            permit.started(1, List.of());
            permit.waiting(0);
        }

        assertThat(ledger.enter(Ids.id(1), 1, 5)).isInstanceOf(Entry.Go.class);
    }

    @Test
    void anAttemptOfAWorkerThatIsGoneIsUnresolvedAndFirstComeFirstServed() {
        var ledger = rig.ledger(1, new LedgerRecord(STARTED, 2, 5));
        var startedAt = rig.time.instant();
        rig.time.advance(Duration.ofMinutes(1));

        assertThat(ledger.enter(Ids.id(1), 2, 5))
                .asInstanceOf(type(Entry.Unresolved.class))
                .satisfies(unresolved -> {
                    assertThat(unresolved.attempt()).isEqualTo(2);
                    assertThat(unresolved.startedAt()).isEqualTo(startedAt);
                    assertThat(unresolved.settled().isEmpty()).isTrue();
                });
        assertThat(ledger.enter(Ids.id(1), 2, 6)).isEqualTo(new Entry.Duplicate(false));
        assertThat(ledger.enter(Ids.id(1), 1, 7)).isEqualTo(new Entry.Duplicate(false));
    }

    @Test
    void aRetryThatComesBackBeforeItsAttemptIsNotedDownIsToAskAgain() {
        var ledger = rig.ledger(1);
        var permit = go(ledger, 1, 1, 5);
        permit.started(1, List.of());

        assertThat(ledger.enter(Ids.id(1), 2, 7)).isEqualTo(new Entry.NotYet());

        permit.waiting(1);
        permit.close();
        assertThat(ledger.enter(Ids.id(1), 2, 7)).isInstanceOf(Entry.Go.class);
    }

    @Test
    void anUnresolvedAttemptKnowsWhoWasSettledBefore() {
        var settled =
                List.of(
                        new RecipientVerdict(EVE, Verdict.ACCEPTED, Reason.ACCEPTED, "250 ok"),
                        new RecipientVerdict(BOB, Verdict.REJECTED, Reason.POLICY, "550 no"));
        var ledger =
                rig.ledger(
                        1, new LedgerRecord(new LedgerEntry(STARTED, 1, 5), Settled.of(settled)));

        var unresolved = (Entry.Unresolved) ledger.enter(Ids.id(1), 1, 5);

        assertThat(unresolved.settled().among(List.of(ADA, BOB, EVE), "settled before"))
                .containsExactly(
                        new RecipientVerdict(
                                BOB, Verdict.REJECTED, Reason.POLICY, "settled before"),
                        new RecipientVerdict(
                                EVE, Verdict.ACCEPTED, Reason.ACCEPTED, "settled before"));
    }

    @Test
    void aPersonsDecisionComesAsTheAttemptAfterTheNext() {
        var ledger = rig.ledger(1, new LedgerRecord(HELD, 1, 5));
        int decided = 1 + Permit.AFTER_HELD;

        assertThat(ledger.enter(Ids.id(1), 1, 5)).isEqualTo(new Entry.Duplicate(true));
        assertThat(ledger.enter(Ids.id(1), 2, 7))
                .as("a retry that was under way when it was held")
                .isEqualTo(new Entry.Duplicate(false));
        assertThat(ledger.enter(Ids.id(1), decided, 8)).isInstanceOf(Entry.Go.class);
        assertThat(ledger.enter(Ids.id(1), decided, 9)).isEqualTo(new Entry.Duplicate(false));
    }

    @Test
    void aWaitSaysWhichBeginningItEnds() {
        var ledger = rig.ledger(1);
        try (var permit = go(ledger, 1, 1, 5)) {
            permit.started(1, List.of());
            permit.waiting(0);
        }

        var beginnings = rig.written().stream().map(LedgerRecord::beginning).toList();
        assertThat(beginnings).hasSize(2).doesNotContain(LedgerRecord.ANY);
        assertThat(beginnings.get(1)).isEqualTo(beginnings.get(0));
    }

    @Test
    void whoResolvesAnAttemptEndsTheBeginningOfWhoeverBeganIt() {
        var ledger = rig.ledger(1, new LedgerRecord(STARTED, 1, 5).withBeginning(11));
        try (var permit = ((Entry.Unresolved) ledger.enter(Ids.id(1), 1, 5)).permit()) {
            permit.waiting(1);
        }

        assertThat(rig.written())
                .containsExactly(new LedgerRecord(WAITING, 1, 5).withBeginning(11));
    }

    @Test
    void whatIsWrittenGoesToTheEventsOwnPartition() {
        var ledger = rig.ledger(1);
        try (var permit = go(ledger, 1, 1, 5)) {
            permit.started(1, List.of());
            permit.held(1);
        }

        assertThat(rig.producer.history())
                .allSatisfy(record -> {
                    assertThat(record.topic()).isEqualTo(Rig.TOPIC);
                    assertThat(record.partition()).isEqualTo(Rig.PARTITION);
                    assertThat(record.key()).isEqualTo(Ids.identity(1));
                });
        assertThat(rig.written())
                .extracting(LedgerRecord::entry)
                .containsExactly(new LedgerEntry(STARTED, 1, 5), new LedgerEntry(HELD, 1, 5));
    }

    @Test
    void aWriteIsDoneWhenKafkaSaysSo() throws InterruptedException {
        var permit = go(rig.ledger(1), 1, 1, 5);

        var write = permit.started(1, List.of());
        assertThat(write.isDone()).isFalse();
        assertThat(write.isAcknowledged()).isFalse();
        assertThat(write.await(Duration.ZERO)).isFalse();
        rig.producer.completeNext();

        assertThat(write.isDone()).isTrue();
        assertThat(write.isAcknowledged()).isTrue();
        assertThat(write.await()).isTrue();
    }

    @Test
    void aWriteThatFailsIsDoneAndNotAcknowledged() throws InterruptedException {
        var permit = go(rig.ledger(1), 1, 1, 5);

        var write = permit.waiting(1);
        rig.producer.errorNext(new KafkaException("no"));

        assertThat(write.isDone()).isTrue();
        assertThat(write.isAcknowledged()).isFalse();
        assertThat(write.await(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void aProducerThatIsClosedIsAWriteThatFails() {
        var permit = go(rig.ledger(1), 1, 1, 5);
        rig.producer.close();

        var write = permit.settled(1);

        assertThat(write.isDone()).isTrue();
        assertThat(write.isAcknowledged()).isFalse();
    }

    @Test
    void aClockThatIsSetForgetsNothing() {
        var ledger = rig.ledger(1, new LedgerRecord(SETTLED, 1, 5));

        rig.time.setClock(rig.time.instant().plus(Duration.ofDays(4_000)));
        try (var permit = go(ledger, 2, 1, 6)) {
            permit.settled(1);
        }

        assertThat(ledger.size()).isEqualTo(2);
        assertThat(ledger.enter(Ids.id(1), 1, 5)).isEqualTo(new Entry.Duplicate(true));
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        var ledger = rig.ledger(1, new LedgerRecord(SETTLED, 1, 5));

        for (int day = 2; day < 5; day++) {
            rig.time.advance(Duration.ofDays(1));
            try (var permit = go(ledger, day, 1, 5 + day)) {
                permit.settled(1);
            }
        }

        assertThat(ledger.enter(Ids.id(1), 1, 5)).isInstanceOf(Entry.Go.class);
    }

    /// Of a hundred that ask at once, for each of many events, one goes.
    @Test
    void ofManyCopiesAtATimeOneGoes() throws InterruptedException, ExecutionException {
        var ledger = rig.ledger(1);
        int events = 200;
        int copies = 100;
        var begin = new CountDownLatch(1);
        List<Future<Entry>> asked = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < events * copies; i++) {
                int number = i % events;
                long offset = i;
                Callable<Entry> ask =
                        () -> {
                            begin.await();
                            return ledger.enter(Ids.id(number), 1, offset);
                        };
                asked.add(threads.submit(ask));
            }
            begin.countDown();
        }

        var gone = new int[events];
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).get() instanceof Entry.Go) {
                gone[i % events]++;
            }
        }

        assertThat(gone).containsOnly(1);
    }

    /// Copies that come while others are sent, too: the entry is there before the permit is closed.
    @Test
    void whoeverEntersAfterOneThatSettledIsADuplicate()
            throws InterruptedException, ExecutionException {
        var ledger = rig.ledger(1);
        List<Future<Boolean>> sent = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20_000; i++) {
                int number = i / 20;
                long offset = i;
                sent.add(
                        threads.submit(() -> {
                            var entry = ledger.enter(Ids.id(number), 1, offset);
                            if (!(entry instanceof Entry.Go(var permit))) {
                                return false;
                            }
                            try (permit) {
                                permit.settled(1);
                            }
                            return true;
                        }));
            }
        }

        int total = 0;
        for (var one : sent) {
            total += one.get() ? 1 : 0;
        }

        assertThat(total).isEqualTo(1_000);
        assertThat(rig.written()).hasSize(1_000);
    }

    private static Permit go(PartitionLedger ledger, long number, int attempt, long offset) {
        return ((Entry.Go) ledger.enter(Ids.id(number), attempt, offset)).permit();
    }
}
