package dev.outmail.delivery;

import static dev.outmail.delivery.FakeTransport.verdict;
import static dev.outmail.delivery.RecipientVerdict.Verdict.ACCEPTED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.DEFERRED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.DROPPED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.IN_DOUBT;
import static dev.outmail.delivery.RecipientVerdict.Verdict.REJECTED;
import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static dev.outmail.delivery.TestEvents.REVISION;
import static dev.outmail.delivery.TestEvents.SERVER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogEntriesTest {
    private static final Instant ACCEPTED_AT = Instant.parse("2026-01-15T12:00:00Z");
    private static final Instant STARTED_AT = ACCEPTED_AT.plusSeconds(90);
    private static final Duration TOOK = Duration.ofMillis(250);
    private static final LogEntry.Position RECORD = new LogEntry.Position("outmail.events", 3, 42);
    private static final ProfileSettings SETTINGS =
            TestEvents.profile("default", Settings.INITIAL.withConnection(SERVER));

    /// Of three recipients, one was accepted in a first attempt.
    private static final Undelivered MAIL =
            Undelivered.fresh(
                            TestEvents.toAda()
                                    .cc("carol@example.org")
                                    .bcc(BOB.toString())
                                    .type("task.assigned")
                                    .metadata("task", 42)
                                    .build(),
                            ACCEPTED_AT)
                    .after(List.of(verdict(EmailAddress.parse("carol@example.org"), ACCEPTED)));

    private final LogEntries entries = new LogEntries("worker-7");

    /// @param decided whether settings were applied
    /// @param recipients of ada, bob and carol, those that the entry tells of, and what
    record Row(
            Outcome outcome,
            String name,
            int attempt,
            boolean decided,
            @Nullable String server,
            String recipients) {
        @Override
        public String toString() {
            return outcome.getClass().getSimpleName() + " → " + name;
        }
    }

    static Stream<Row> everyOutcome() {
        var trouble = FakeTransport.trouble(TransportResult.Kind.SERVER);
        var gaveUp = attempt(ACCEPTED, DEFERRED);
        return Stream.of(
                row(new Outcome.Sent(attempt(ACCEPTED, ACCEPTED), Reason.ACCEPTED, "d"), "sent", 2)
                        .told("carol accepted, ada accepted, bob accepted"),
                row(
                                new Outcome.Silenced(
                                        attempt(ACCEPTED, ACCEPTED), Reason.SILENT, "d"),
                                "silenced",
                                2)
                        .told("carol accepted, ada accepted, bob accepted"),
                row(
                                new Outcome.Rejected(
                                        attempt(ACCEPTED, REJECTED), Reason.POLICY, "d"),
                                "rejected",
                                2)
                        .told("carol accepted, ada accepted, bob rejected"),
                row(
                                new Outcome.Deferred(
                                        attempt(ACCEPTED, DEFERRED), Reason.GREYLISTED, "d"),
                                "deferred",
                                2)
                        .told("ada accepted, bob deferred"),
                row(
                                new Outcome.InDoubt(
                                        attempt(ACCEPTED, IN_DOUBT), Reason.ANSWER_LOST, "d"),
                                "in-doubt",
                                2)
                        .told("ada accepted, bob in-doubt"),
                row(
                                new Outcome.HeldInDoubt(
                                        attempt(ACCEPTED, IN_DOUBT), Reason.ANSWER_LOST, "d"),
                                "held",
                                2)
                        .told("carol accepted, ada accepted, bob in-doubt"),
                row(new Outcome.Expired(gaveUp.after(), gaveUp, Reason.EXPIRED, "d"), "expired", 2)
                        .told("carol accepted, ada accepted, bob deferred"),
                row(new Outcome.Expired(MAIL, null, Reason.EXPIRED, "d"), "expired", 1)
                        .undecided()
                        .told("carol accepted, ada none, bob none"),
                row(new Outcome.Dropped(SETTINGS, Reason.DISABLED, "d"), "dropped", 1)
                        .serverless()
                        .told("carol accepted, ada none, bob none"),
                row(new Outcome.Dropped(SETTINGS, Reason.NOT_ALLOWED, "d"), "dropped", 1)
                        .serverless()
                        .told("carol accepted, ada dropped, bob dropped"),
                row(new Outcome.Sent(attempt(ACCEPTED, DROPPED), Reason.ACCEPTED, "d"), "sent", 2)
                        .told("carol accepted, ada accepted, bob dropped"),
                row(new Outcome.Troubled(SETTINGS, trouble, trouble.reason(), "d"), "deferred", 1)
                        .told("carol accepted, ada none, bob none"),
                row(new Outcome.Paused(Duration.ZERO, Reason.UNREACHABLE, "d"), "deferred", 1)
                        .undecided()
                        .told("carol accepted, ada none, bob none"),
                row(new Outcome.Held(Reason.NO_SETTINGS, "d"), "held", 1)
                        .undecided()
                        .told("carol accepted, ada none, bob none"),
                row(new Outcome.NotYet(Instant.MAX, Reason.NOT_BEFORE, "d"), "deferred", 1)
                        .undecided()
                        .told("carol accepted, ada none, bob none"));
    }

    @ParameterizedTest
    @MethodSource("everyOutcome")
    void everyOutcomeHasItsEntry(Row row) {
        var entry = entries.entry(MAIL, row.outcome(), STARTED_AT, TOOK, RECORD);

        assertThat(entry.outcome().wireName()).isEqualTo(row.name());
        assertThat(entry.reason()).isEqualTo(row.outcome().reason().wireName());
        assertThat(entry.detail()).isEqualTo("d");
        assertThat(entry.attempt()).isEqualTo(row.attempt());
        assertThat(entry.revision()).isEqualTo(row.decided() ? REVISION : 0);
        assertThat(entry.connection()).isEqualTo(row.decided() ? "smtp" : null);
        assertThat(entry.server()).isEqualTo(row.server());
        assertThat(entry.recipients())
                .extracting(r -> r.address().replace("@example.org", "") + " " + r.verdict())
                .containsExactly(row.recipients().split(", "));
        assertSaysWhichEventAndWhen(entry);
    }

    private static void assertSaysWhichEventAndWhen(LogEntry entry) {
        assertThat(entry.event())
                .isEqualTo(new LogEntry.Event("/projects", "task-42", "task.assigned"));
        assertThat(entry.messageId()).isEqualTo(MessageId.of(MAIL.event().id()));
        assertThat(entry.profile()).isEqualTo("default");
        assertThat(entry.worker()).isEqualTo("worker-7");
        assertThat(entry.at()).isEqualTo(STARTED_AT.plus(TOOK));
        assertThat(entry.queuedFor()).isEqualTo(Duration.ofSeconds(90));
        assertThat(entry.took()).isEqualTo(TOOK);
        assertThat(entry.record()).isEqualTo(RECORD);
        assertThat(entry.metadata()).containsExactly(Map.entry("task", 42L));
    }

    @Test
    void noOutcomeIsForgottenAbove() {
        var kinds =
                Stream.of(Outcome.Final.class, Outcome.Open.class)
                        .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
                        .map(Class::getName);

        assertThat(everyOutcome().map(row -> row.outcome().getClass().getName()).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds.toList());
    }

    @ParameterizedTest
    @MethodSource("everyOutcome")
    void nothingOfWhatTheMailSaysIsInTheLog(Row row) {
        var event =
                MailEvent.builder()
                        .id("1")
                        .from("Canary Sender <from@example.com>")
                        .to("Canary Name <ada@example.org>")
                        .subject("canary subject")
                        .text("canary text")
                        .html("<p>canary html")
                        .header("X-Canary", "canary header")
                        .conversation("canary conversation")
                        .attachment("canary.pdf", "application/pdf", "canary".getBytes(UTF_8))
                        .build();
        var mail = Undelivered.fresh(event, ACCEPTED_AT);

        var entry = entries.entry(mail, row.outcome(), STARTED_AT, TOOK, RECORD);

        assertThat(new String(LogEntryCodec.encode(entry), UTF_8))
                .doesNotContainIgnoringCase("canary")
                .doesNotContain("from@example.com");
    }

    @ParameterizedTest
    @MethodSource("everyConnection")
    void theConnectionHasItsNameOfTheContract(Connection connection, String name) {
        var settings = TestEvents.profile("default", Settings.INITIAL.withConnection(connection));
        var dropped = new Outcome.Dropped(settings, Reason.DISABLED, "");

        var entry = entries.entry(MAIL, dropped, STARTED_AT, TOOK, null);

        assertThat(entry.connection()).isEqualTo(name);
        assertThat(entry.record()).isNull();
    }

    static Stream<Object[]> everyConnection() {
        return Stream.of(
                new Object[] {new Connection.Disabled(), "disabled"},
                new Object[] {new Connection.Silent(), "silent"},
                new Object[] {new Connection.NativeMailer(), "native"},
                new Object[] {SERVER, "smtp"});
    }

    @Test
    void aPublisherWhoseClockIsAheadMakesNoTimeNegative() {
        var early = ACCEPTED_AT.minusSeconds(3);

        var entry =
                entries.entry(MAIL, new Outcome.Held(Reason.NO_SETTINGS, ""), early, TOOK, RECORD);

        assertThat(entry.queuedFor()).isZero();
    }

    @Test
    void aRecordThatIsNoEventIsLoggedByWhereItIs() {
        var malformed =
                new Decoded.Malformed(
                        null,
                        List.of(
                                new Problem("to", "it is missing", "give one"),
                                new Problem("subject", "it is missing", "give one")));

        var entry = entries.malformed(malformed, ACCEPTED_AT, STARTED_AT, RECORD);

        assertThat(entry.outcome().wireName()).isEqualTo("malformed");
        assertThat(entry.reason()).isEqualTo("malformed");
        assertThat(entry.detail()).contains("to: it is missing", "subject: it is missing");
        assertThat(entry.event()).isNull();
        assertThat(entry.attempt()).isZero();
        assertThat(entry.recipients()).isEmpty();
        assertThat(entry.record()).isEqualTo(RECORD);
        assertThat(entry.at()).isEqualTo(STARTED_AT);
    }

    @Test
    void aMalformedEventIsLoggedByItsIdWhereThatCouldBeRead() {
        var malformed =
                new Decoded.Malformed(
                        new EventId("/projects", "task-42"),
                        List.of(new Problem("to", "x".repeat(10_000), "give one")));

        var entry = entries.malformed(malformed, ACCEPTED_AT, STARTED_AT, RECORD);

        assertThat(entry.event()).isEqualTo(new LogEntry.Event("/projects", "task-42", null));
        assertThat(entry.detail()).hasSizeLessThanOrEqualTo(2_048);
    }

    private static Outcome.Attempt attempt(
            RecipientVerdict.Verdict ada, RecipientVerdict.Verdict bob) {
        var verdicts = List.of(verdict(ADA, ada), verdict(BOB, bob));
        return new Outcome.Attempt(SETTINGS, FakeTransport.NAME, verdicts, MAIL.after(verdicts));
    }

    private static RowBuilder row(Outcome outcome, String name, int attempt) {
        return new RowBuilder(outcome, name, attempt);
    }

    /// A row in the making: decided and at a server unless said.
    private static final class RowBuilder {
        private final Outcome outcome;
        private final String name;
        private final int attempt;
        private boolean decided = true;
        private @Nullable String server = FakeTransport.NAME;

        RowBuilder(Outcome outcome, String name, int attempt) {
            this.outcome = outcome;
            this.name = name;
            this.attempt = attempt;
        }

        RowBuilder undecided() {
            decided = false;
            return serverless();
        }

        RowBuilder serverless() {
            server = null;
            return this;
        }

        Row told(String recipients) {
            return new Row(outcome, name, attempt, decided, server, recipients);
        }
    }
}
