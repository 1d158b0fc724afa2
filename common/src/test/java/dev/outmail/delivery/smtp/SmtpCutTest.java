package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static dev.outmail.delivery.smtp.Rig.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.settings.Connection.Security;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The connection is cut at every moment there is, and each time the next, innocent message is
/// unharmed.
@Timeout(60)
@ParameterizedClass
@EnumSource
class SmtpCutTest {
    private final Manner manner;

    SmtpCutTest(Manner manner) {
        this.manner = manner;
    }

    private static final Outbound MESSAGE =
            TestMails.to("one@example.net", "two@example.net", "three@example.net");

    /// How a server may go: without an answer, or with half of one.
    enum Cut {
        CLOSE,
        RESET,
        HALF_A_CODE,
        HALF_A_REPLY;

        Act act() {
            return switch (this) {
                case CLOSE -> Act.close();
                case RESET -> Act.reset();
                case HALF_A_CODE -> Act.raw("2").then(Act.close());
                case HALF_A_REPLY -> Act.reply("250-to be continued").then(Act.close());
            };
        }
    }

    enum Expected {
        SERVER_TROUBLE,
        DEFERRED,
        IN_DOUBT,
        /// Half an answer is none that could be acted on: tried again at once, on a new connection.
        ACCEPTED
    }

    private record Moment(String name, Expected expected) {

        /// A code cut in half is an answer out of step, and a new beginning is harmless up to DATA.
        Expected expected(Cut cut) {
            boolean harmless = name.matches("MAIL|RCPT.*|DATA");
            return cut == Cut.HALF_A_CODE && harmless ? Expected.ACCEPTED : expected;
        }
    }

    static Stream<Arguments> momentsAndCuts() {
        return Stream.of(
                        new Moment("CONNECT", Expected.SERVER_TROUBLE),
                        new Moment("EHLO", Expected.SERVER_TROUBLE),
                        new Moment("STARTTLS", Expected.SERVER_TROUBLE),
                        new Moment("TLS", Expected.SERVER_TROUBLE),
                        new Moment("AUTH", Expected.SERVER_TROUBLE),
                        new Moment("MAIL", Expected.SERVER_TROUBLE),
                        new Moment("RCPT TO:<one@", Expected.DEFERRED),
                        new Moment("RCPT TO:<two@", Expected.DEFERRED),
                        new Moment("RCPT TO:<three@", Expected.DEFERRED),
                        new Moment("DATA", Expected.DEFERRED),
                        new Moment(".", Expected.IN_DOUBT))
                .flatMap(moment ->
                        Stream.of(Cut.values())
                                .map(cut ->
                                        Arguments.of(moment.name(), cut, moment.expected(cut))));
    }

    @ParameterizedTest(name = "{1} instead of the answer to {0}: {2}")
    @MethodSource("momentsAndCuts")
    void aCutBeforeTheAnswer(String moment, Cut cut, Expected expected) throws Exception {
        try (Rig rig = secured()) {
            rig.server.once(moment, cut.act());

            var result = rig.deliver(MESSAGE);

            assertExpected(expected, result);
            assertThat(rig.server.received())
                    .hasSize(moment.equals(".") || expected == Expected.ACCEPTED ? 1 : 0);
            assertNextIsUnharmed(rig, expected);
        }
    }

    /// After an answer the cut is noticed at the next step.
    static Stream<Arguments> momentsAfterAnswers() {
        return Stream.of(
                Arguments.of("CONNECT", "220 hello", Expected.SERVER_TROUBLE),
                Arguments.of("EHLO", "250-hello\r\n250 STARTTLS", Expected.SERVER_TROUBLE),
                Arguments.of("STARTTLS", "220 ready", Expected.SERVER_TROUBLE),
                Arguments.of("AUTH", "235 welcome", Expected.SERVER_TROUBLE),
                Arguments.of("MAIL", "250 ok", Expected.DEFERRED),
                Arguments.of("RCPT TO:<one@", "250 ok", Expected.DEFERRED),
                Arguments.of("RCPT TO:<two@", "250 ok", Expected.DEFERRED),
                Arguments.of("RCPT TO:<three@", "250 ok", Expected.DEFERRED),
                Arguments.of(".", "250 ok", Expected.ACCEPTED));
    }

    @ParameterizedTest(name = "after the answer to {0}: {2}")
    @MethodSource("momentsAfterAnswers")
    void aCutAfterTheAnswer(String moment, String answer, Expected expected) throws Exception {
        try (Rig rig = secured()) {
            rig.server.once(moment, Act.reply(answer).then(Act.close()));

            var result = rig.deliver(MESSAGE);

            assertExpected(expected, result);
            assertNextIsUnharmed(rig, expected);
        }
    }

    @Test
    void aResetThatOvertakesTheAnswerToTheDotLeavesItInDoubtAndNothingWorse() throws Exception {
        try (Rig rig = secured()) {
            rig.server.once(".", Act.reply("250 taken").then(Act.reset()));

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertThat(verdicts(result).getFirst().verdict())
                    .isIn(Verdict.ACCEPTED, Verdict.IN_DOUBT);
            assertNextIsUnharmed(rig, Expected.IN_DOUBT);
        }
    }

    @Test
    void aCutInMidContentDefers() throws Exception {
        try (Rig rig = secured()) {
            rig.server.once("CONTENT", Act.afterReading(100_000, Act.reset()));

            var result =
                    rig.deliver(
                            TestMails.with(
                                    ("x".repeat(998) + "\r\n").repeat(20_000), "a@example.net"));

            assertAll(result, Verdict.DEFERRED, Reason.CONNECTION_LOST);
            assertThat(rig.server.received()).isEmpty();
            assertNextIsUnharmed(rig, Expected.DEFERRED);
        }
    }

    @Test
    void aCutAtQuitIsNobodysConcern() throws Exception {
        try (Rig rig = secured()) {
            rig.server.on("QUIT", Act.reset());

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            rig.transport.close();

            rig.server.awaitOpenConnections(0);
            assertThat(rig.server.heardOn(1)).last().isEqualTo("QUIT");
        }
    }

    @Test
    void anIdleConnectionThatTheServerClosedIsReplacedAtOnce() throws Exception {
        try (Rig rig = secured()) {
            rig.server.once(".", Act.reply("250 taken").then(Act.close()));
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            rig.server.awaitOpenConnections(0);

            var result = rig.deliver(TestMails.to("b@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionThatSays421AtMailIsReplacedAtOnce() throws Exception {
        try (Rig rig = secured()) {
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            rig.server.once("MAIL", Act.reply("421 4.4.2 idle too long").then(Act.close()));

            var result = rig.deliver(TestMails.to("b@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aFreshConnectionIsNotReplaced() throws Exception {
        try (Rig rig = secured()) {
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            rig.server.on("MAIL", Act.close());

            var result = rig.deliver(TestMails.to("b@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.CONNECTION_LOST);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    private Rig secured() {
        var server =
                ScriptedSmtpServer.startWithStartTls(TestCertificates.server(Identity.GOOD))
                        .requireLogin("outmail", Rig.PASSWORD);
        return Rig.against(server)
                .manner(manner)
                .security(Security.STARTTLS, TestCertificates.trustingClient())
                .login()
                .start();
    }

    private static void assertExpected(Expected expected, TransportResult result) {
        switch (expected) {
            case SERVER_TROUBLE ->
                    assertThat(result)
                            .isInstanceOfSatisfying(
                                    TransportResult.Trouble.class,
                                    trouble -> assertThat(trouble.kind()).isEqualTo(Kind.SERVER));
            case DEFERRED -> assertAll(result, Verdict.DEFERRED, Reason.CONNECTION_LOST);
            case IN_DOUBT -> assertAll(result, Verdict.IN_DOUBT, Reason.ANSWER_LOST);
            case ACCEPTED -> assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
        }
    }

    /// On a connection of its own, unless the one before ended in order.
    private static void assertNextIsUnharmed(Rig rig, Expected before) throws Exception {
        rig.server.behave();
        int connections = rig.server.connections();

        var next = rig.deliver(TestMails.to("innocent@example.net"));

        assertVerdicts(next, Verdict.ACCEPTED);
        var received = rig.server.received().getLast();
        assertThat(received.recipients()).containsExactly("<innocent@example.net>");
        if (before != Expected.ACCEPTED) {
            assertThat(received.connection()).isEqualTo(connections + 1);
        }
    }
}
