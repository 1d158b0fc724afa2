package dev.outmail.deadletters;

import static dev.outmail.deadletters.Letters.letter;
import static dev.outmail.deadletters.Letters.mail;
import static dev.outmail.deadletters.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {
    private static final Instant NOW = Instant.parse("2026-01-20T12:00:00Z");
    private static final Action REPLAY = new Action.Replay();
    private static final Action RELEASE = new Action.Release();
    private static final Action DISCARD = new Action.Discard();
    private static final Action COPY = new Action.CopyTo(Mailbox.parse("Me <me@example.com>"));
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.org");

    private final Plans plans =
            new Plans(
                    new Topics(Topics.DEFAULT_PREFIX), Letters.CODEC, 12, InstantSource.fixed(NOW));

    private ProducerRecord<byte[], byte[]> published(DeadLetter letter, Action action) {
        var plan = plans.plan(letter, null, action);
        assertThat(plan).isInstanceOf(Plan.Publish.class);
        return ((Plan.Publish) plan).record();
    }

    private String refused(DeadLetter letter, Action action) {
        var plan = plans.plan(letter, null, action);
        assertThat(plan).isInstanceOf(Plan.Refused.class);
        return ((Plan.Refused) plan).why();
    }

    private static RetryState retry(ProducerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(Headers.RETRY);
        var decoded = RetryStateCodec.decode(header.value(), NOW);
        assertThat(decoded).isInstanceOf(RetryHeader.Present.class);
        return ((RetryHeader.Present) decoded).state();
    }

    private static MailEvent event(ProducerRecord<byte[], byte[]> record) {
        var decoded = Letters.CODEC.decode(record.value());
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok) decoded).event();
    }

    @Test
    void aReplayIsTheSameRecordWithOneAttemptMoreForWhoDidNotGetIt() {
        var letter =
                letter().with("trace", "1")
                        .with("outmail-anything", "2")
                        .ended("rejected", "unknown-recipient", 2, "bob@example.org");

        var record = published(letter, REPLAY);

        assertThat(record.topic()).isEqualTo("outmail.events");
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.key()).isEqualTo(utf8("the key"));
        assertThat(record.value()).isSameAs(letter.value());
        assertThat(record.headers())
                .extracting(Header::key)
                .containsExactly("trace", Headers.RETRY);
        assertThat(retry(record))
                .isEqualTo(
                        new RetryState(
                                3,
                                NOW,
                                null,
                                3,
                                List.of(BOB),
                                List.of(
                                        new RetryState.Judged(
                                                ADA,
                                                RetryState.Verdict.ACCEPTED,
                                                "accepted",
                                                ""))));
    }

    @Test
    void replayedTwiceItIsTheSameAttemptTwice() {
        var letter = letter().ended("rejected", "unknown-recipient", 2, "bob@example.org");

        var first = retry(published(letter, REPLAY));
        var second = retry(published(letter, REPLAY));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void theAttemptIsTheOneThatTheWorkerNamed() {
        var letter = letter().next(9).ended("rejected", "unknown-recipient", 2, ADA + "");

        assertThat(retry(published(letter, REPLAY)).attempt()).isEqualTo(9);
    }

    @Test
    void theAttemptIsAboveTheOneThatTheRecordStoodFor() {
        var state = new RetryState(5, Letters.ACCEPTED_AT, null, 3, null, List.of());
        var header = new String(RetryStateCodec.encode(state), StandardCharsets.UTF_8);

        var expired = letter().with(Headers.RETRY, header).ended("expired", "expired", 4);

        assertThat(retry(published(expired, REPLAY)).attempt()).isEqualTo(6);
    }

    @Test
    void aMailThatExpiredBeforeItsFirstAttemptIsReplayedAsTheSecond() {
        var record = published(letter().ended("expired", "expired", 0), REPLAY);

        assertThat(retry(record).attempt()).isEqualTo(2);
        assertThat(retry(record).open()).containsExactly(ADA, BOB);
    }

    @Test
    void aPartitionThatIsNotThereIsLeftToTheKey() {
        var record = published(letter().from(12).ended("rejected", "policy", 1, ADA + ""), REPLAY);

        assertThat(record.partition()).isNull();
        assertThat(retry(record).partition()).isEqualTo(RetryState.ANY_PARTITION);
    }

    @Test
    void whatWasHeldInDoubtIsReleasedAsItWas() {
        var letter = letter().ended("held", "answer-lost", 1, "ada@example.org");

        var record = published(letter, RELEASE);

        assertThat(record.value()).isSameAs(letter.value());
        assertThat(retry(record).acceptedAt()).isEqualTo(Letters.ACCEPTED_AT);
        assertThat(retry(record).attempt()).isEqualTo(2);
        assertThat(retry(record).open()).containsExactly(ADA);
    }

    @Test
    void whatIsInDoubtIsReleasedAndNotReplayed() {
        assertThat(refused(letter().ended("held", "answer-lost", 1, ADA + ""), REPLAY))
                .contains("release");
        assertThat(refused(letter().ended("rejected", "policy", 1, ADA + ""), RELEASE))
                .contains("replay");
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReasonButDiscarded() {
        var malformed = letter().of(utf8("{\"id\": 1}")).ended("malformed", "malformed", 0);

        assertThat(refused(malformed, REPLAY)).contains("no event", "id");
        assertThat(refused(malformed, COPY)).contains("no event");
        assertThat(plans.plan(malformed, null, DISCARD)).isEqualTo(new Plan.WriteDown());
    }

    @Test
    void whatWasMalformedAndIsAnEventNowIsReplayedToEverybody() {
        var record = published(letter().ended("malformed", "malformed", 0), REPLAY);

        assertThat(retry(record).open()).containsExactly(ADA, BOB);
        assertThat(retry(record).judged()).isEmpty();
    }

    @Test
    void aLetterWithoutItsEventNamesTheEventsPlace() {
        var letter = letter().of((byte[]) null).ended("malformed", "malformed", 0);

        assertThat(refused(letter, REPLAY)).contains("not kept here", "outmail.events-3@41");
    }

    @Test
    void whatExpiredIsNotReplayedToExpireAgain() {
        var letter = letter().of(mail().expiresAt(NOW)).ended("expired", "expired", 0);

        assertThat(refused(letter, REPLAY)).contains("expired at " + NOW);
    }

    @Test
    void whatEverybodyGotIsNotReplayed() {
        var letter = letter().ended("rejected", "policy", 1, "somebody@else.example");

        assertThat(refused(letter, REPLAY)).contains("none of its recipients");
    }

    @Test
    void aCopyIsAnEventOfItsOwnForOneMailboxAndSaysOfWhatItIsOne() {
        var letter =
                letter().of(
                                mail().bcc("eve@example.org")
                                        .header("X-Project", "42")
                                        .header("x-outmail-replay-of", "another")
                                        .attachment("a.txt", "text/plain", utf8("a"))
                                        .sendAt(NOW.plus(Duration.ofDays(1)))
                                        .expiresAt(NOW.plus(Duration.ofDays(2)))
                                        .metadata("task", 42L))
                        .with("trace", "1")
                        .ended("rejected", "policy", 2, "ada@example.org");

        var record = published(letter, COPY);

        var copy = event(record);
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.headers()).extracting(Header::key).containsExactly("trace");
        assertThat(copy.id().source()).isEqualTo("/app");
        assertThat(copy.id().id()).startsWith("1-copy-");
        assertThat(copy.addressing().to()).containsExactly(Mailbox.parse("Me <me@example.com>"));
        assertThat(copy.addressing().recipients()).hasSize(1);
        assertThat(copy.content().subject()).isEqualTo("Hello");
        assertThat(((MailEvent.Written) copy.content()).text()).isEqualTo("Hello Ada");
        assertThat(((MailEvent.Written) copy.content()).attachments()).hasSize(1);
        assertThat(((MailEvent.Written) copy.content()).headers())
                .containsOnly(
                        java.util.Map.entry("X-Project", "42"),
                        java.util.Map.entry("X-Outmail-Replay-Of", "/app#1"));
        assertThat(copy.terms().sendAt()).isNull();
        assertThat(copy.terms().expiresAt()).isNull();
        assertThat(copy.metadata()).containsEntry("task", 42L);
    }

    @Test
    void aCloudEventIsReplayedAsOneAndCopiedPlain() {
        var letter =
                letter().of(
                                utf8(
                                        "{\"to\":[\"ada@example.org\"],\"subject\":\"Hello\",\"text\":\"t\"}"))
                        .with("ce_specversion", "1.0")
                        .with("ce_id", "1")
                        .with("ce_source", "/app")
                        .with("ce_type", "greeting")
                        .with("content-type", "application/json")
                        .with("trace", "1")
                        .ended("rejected", "policy", 1, "ada@example.org");

        var replay = published(letter, REPLAY);
        var copy = published(letter, COPY);

        assertThat(letter.event()).contains(mail().build().id());
        assertThat(replay.value()).isSameAs(letter.value());
        assertThat(replay.headers())
                .extracting(Header::key)
                .containsExactly(
                        "ce_specversion",
                        "ce_id",
                        "ce_source",
                        "ce_type",
                        "content-type",
                        "trace",
                        Headers.RETRY);
        assertThat(copy.headers()).extracting(Header::key).containsExactly("content-type", "trace");
        assertThat(event(copy).type()).isEqualTo("greeting");
        assertThat(event(copy).id().id()).startsWith("1-copy-");
    }

    @Test
    void aCopyHasTheSameIdEachTimeAndAnotherOneForSomebodyElse() {
        var letter = letter().ended("rejected", "policy", 2, "ada@example.org");
        var other = new Action.CopyTo(Mailbox.parse("you@example.com"));

        var first = event(published(letter, COPY)).id();

        assertThat(event(published(letter, COPY)).id()).isEqualTo(first);
        assertThat(event(published(letter, other)).id()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "😀"})
    void theIdOfACopyIsNoLongerThanAnIdMayBe(String letterOfId) {
        int most = 200 / letterOfId.length();
        for (int length : IntStream.rangeClosed(most - 20, most).toArray()) {
            var letter =
                    letter().of(mail().id(letterOfId.repeat(length)))
                            .ended("rejected", "policy", 1, "ada@example.org");

            var copy = event(published(letter, COPY));

            assertThat(copy.id().id()).hasSizeLessThanOrEqualTo(200).contains("-copy-");
        }
    }

    @Test
    void whatWasSettledStaysSoButMayBeCopied() {
        var letter = letter().ended("rejected", "policy", 2, "ada@example.org");
        var before = new Resolution(Resolution.Kind.DISCARDED, "ada", "", null, NOW);

        assertThat(plans.plan(letter, before, REPLAY)).isEqualTo(new Plan.Settled(before));
        assertThat(plans.plan(letter, before, DISCARD)).isEqualTo(new Plan.Settled(before));
        assertThat(plans.plan(letter, before, COPY)).isInstanceOf(Plan.Publish.class);
    }
}
