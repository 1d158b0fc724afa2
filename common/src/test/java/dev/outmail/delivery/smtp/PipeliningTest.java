package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.settings.Connection.Security;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is different where the server offers PIPELINING (RFC 2920). That the verdicts are not is
/// shown by the other tests of this package, which run both ways.
@Timeout(60)
class PipeliningTest {
    private static final String MAIL = "MAIL FROM:<sender@example.org>";
    private static final String A = "RCPT TO:<a@example.net>";
    private static final String B = "RCPT TO:<b@example.net>";

    /// A command said where content is due would look well received.
    private static final Act ANSWERING_WHATEVER_COMES =
            Act.afterReading(1, Act.reply("250 ok")).then(Act.hang());

    @ParameterizedTest
    @EnumSource
    void theCommandsOfATransactionArriveTogether(Security security) throws Exception {
        try (Rig rig = rig(security)) {
            for (int i = 0; i < 20; i++) {
                var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));
                assertVerdicts(result, Verdict.ACCEPTED, Verdict.ACCEPTED);
            }

            List<List<String>> groups = rig.server.groupsOn(1);
            assertThat(groups.subList(groups.size() - 20, groups.size()))
                    .allSatisfy(group -> assertThat(group).containsExactly(MAIL, A, B, "DATA"));
            assertThat(rig.server.connections()).isEqualTo(1);
            assertThat(rig.server.received()).hasSize(20);
        }
    }

    private static Rig rig(Security security) {
        var identity = TestCertificates.server(Identity.GOOD);
        var server =
                switch (security) {
                    case NONE -> ScriptedSmtpServer.start();
                    case STARTTLS -> ScriptedSmtpServer.startWithStartTls(identity);
                    case TLS -> ScriptedSmtpServer.startWithTls(identity);
                };
        return Rig.against(server)
                .manner(Manner.PIPELINED)
                .security(security, TestCertificates.trustingClient())
                .start();
    }

    @Test
    void fiftyOfTheLongestAddressesArriveTogether() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            String domain = "@" + ("x".repeat(60) + ".").repeat(3) + "example";
            String[] recipients =
                    IntStream.range(0, 50)
                            .mapToObj(i -> "%02d".formatted(i) + "l".repeat(61) + domain)
                            .toArray(String[]::new);

            var result = rig.deliver(TestMails.to(recipients));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(recipients[0]).hasSize(254);
            assertThat(rig.server.groupsOn(1)).last(LIST).hasSize(52);
        }
    }

    @Test
    void aServerThatDoesNotOfferItIsToldOneCommandAtATime() throws Exception {
        try (Rig rig = Rig.plain(Manner.ONE_BY_ONE)) {

            rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertOneByOne(rig);
        }
    }

    @Test
    void soIsOneThatIsNotBelieved() throws Exception {
        try (Rig rig =
                Rig.against(ScriptedSmtpServer.start())
                        .manner(Manner.PIPELINED)
                        .pipelining(Pipelining.NEVER)
                        .start()) {

            rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertOneByOne(rig);
        }
    }

    private static void assertOneByOne(Rig rig) {
        assertThat(rig.server.groupsOn(1))
                .containsExactly(
                        List.of("EHLO worker.example.org"),
                        List.of(MAIL),
                        List.of(A),
                        List.of(B),
                        List.of("DATA"));
    }

    @Test
    void noAnswerIsWaitedForBeforeDataIsSaid() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server
                    .on("MAIL", peer -> {})
                    .on("RCPT", peer -> {})
                    .on("DATA", "250 ok", "250 ok", "550 5.1.1 no such user", "354 go on");

            var result = rig.deliver(TestMails.to("a@example.net", "gone@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED, Verdict.REJECTED);
            assertThat(rig.server.received()).hasSize(1);
        }
    }

    /// RFC 2920 §3.1 would have it ended with a dot; we'd rather not make it a message.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.1.1 no such user | REJECTED | UNKNOWN_RECIPIENT",
                "450 4.2.0 greylisted   | DEFERRED | GREYLISTED",
                "452 4.5.3 too many     | DEFERRED | TOO_MANY_RECIPIENTS"
            })
    void aServerThatWantsAMessageForNobodyGetsNone(String reply, Verdict verdict, Reason reason)
            throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server.once("RCPT", reply).once("RCPT", reply).once("DATA", "354 go on");
            rig.server.once("CONTENT", ANSWERING_WHATEVER_COMES);

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertAll(result, verdict, reason);
            assertNothingWasSentAndTheNextIsUnharmed(rig);
        }
    }

    /// Not even believed less for it: 354 after the refusals shows that they are in step.
    @Test
    void neitherDoesItOnAConnectionWithAPast() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            assertVerdicts(rig.deliver(TestMails.to("x@example.net")), Verdict.ACCEPTED);
            rig.server.once("RCPT", "550 5.1.1 no such user").once("DATA", "354 go on");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertAll(result, Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT);
            rig.server.awaitOpenConnections(0);
            assertThat(rig.server.connections()).isEqualTo(1);
            assertThat(rig.server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"550 5.1.8 sender, REJECTED", "451 4.3.0 later, DEFERRED"})
    void afterARefusedSenderTheOtherAnswersAreNoVerdicts(String reply, Verdict verdict)
            throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server
                    .once("MAIL", reply)
                    .once("RCPT", "550 5.1.1 no such user")
                    .once("RCPT", "452 4.5.3 too many")
                    .once("DATA", "554 no valid recipients");

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertVerdicts(result, verdict, verdict);
            assertThat(rig.server.heardOn(1)).last().isEqualTo("RSET");
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"550 5.1.8 sender, REJECTED", "451 4.3.0 later, DEFERRED"})
    void aServerThatWantsAMessageFromARefusedSenderGetsNone(String reply, Verdict verdict)
            throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server.once("MAIL", reply).once("RCPT", "250 ok").once("DATA", "354 go on");
            rig.server.once("CONTENT", ANSWERING_WHATEVER_COMES);

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, verdict);
            assertNothingWasSentAndTheNextIsUnharmed(rig);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT", "DATA"})
    void aVerdictOnTheSenderStaysWhateverBecomesOfTheRest(String moment) throws Exception {
        for (Act end : List.of(Act.close(), Act.reset(), Act.reply("421 bye"), Act.raw("x"))) {
            try (Rig rig = Rig.plain(Manner.PIPELINED)) {
                rig.server.once("MAIL", "550 5.1.8 sender").once(moment, end.then(Act.close()));

                var result = rig.deliver(TestMails.to("a@example.net"));

                assertAll(result, Verdict.REJECTED, Reason.SENDER_REFUSED);
                assertNothingWasSentAndTheNextIsUnharmed(rig);
            }
        }
    }

    /// One by one, the transaction would end at such an answer.
    @Test
    void aMessageThatIsDeferredAtOneRecipientIsNotSentToTheOthers() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server.once("RCPT TO:<b@", "452 4.3.1 disk full");
            rig.server.once("CONTENT", ANSWERING_WHATEVER_COMES);

            var result =
                    rig.deliver(TestMails.to("a@example.net", "b@example.net", "c@example.net"));

            assertAll(result, Verdict.DEFERRED, Reason.TEMPORARY);
            assertNothingWasSentAndTheNextIsUnharmed(rig);
        }
    }

    @Test
    void troubleAtOneRecipientIsTroubleForAll() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server.once("RCPT TO:<b@", "530 5.7.0 login");

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED);
            assertNothingWasSentAndTheNextIsUnharmed(rig);
        }
    }

    private static void assertNothingWasSentAndTheNextIsUnharmed(Rig rig) throws Exception {
        assertThat(rig.server.received()).isEmpty();
        rig.server.awaitOpenConnections(0);
        assertThat(rig.server.connections()).isEqualTo(1);

        assertVerdicts(rig.deliver(TestMails.to("innocent@example.net")), Verdict.ACCEPTED);

        assertThat(rig.server.received())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.recipients()).containsExactly("<innocent@example.net>");
                    assertThat(message.connection()).isEqualTo(2);
                });
    }

    @Test
    void whoIsTakenAfterOneTooManyIsNotNamedAgain() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            rig.server.once("RCPT TO:<b@", "452 4.5.3 too many");

            var result =
                    rig.deliver(TestMails.to("a@example.net", "b@example.net", "c@example.net"));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(rig.server.received())
                    .extracting(message -> String.join(" ", message.recipients()))
                    .containsExactly("<a@example.net> <c@example.net>", "<b@example.net>");
            assertThat(rig.server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250 by the way",
                "550 5.1.1 by the way",
                "450 by the way",
                "<html>",
                "2",
                "354 go on"
            })
    void aLineTooManyAmongTheAnswersRejectsNobody(String tooMany) throws Exception {
        for (String moment : List.of("RCPT TO:<a@", "RCPT TO:<b@", "DATA")) {
            for (String[] recipients :
                    new String[][] {{"a@example.net", "b@example.net"}, {"b@example.net"}}) {
                try (Rig rig = Rig.plain(Manner.PIPELINED)) {
                    rig.server.once(
                            moment, tooMany, moment.equals("DATA") ? "354 go on" : "250 ok");

                    var result = rig.deliver(TestMails.to(recipients));

                    assertThat(Rig.verdicts(result))
                            .as("before the answer to %s", moment)
                            .allMatch(verdict -> verdict.verdict() != Verdict.REJECTED);
                }
            }
        }
    }

    /// As when each answer is waited for: three times 200 ms are more than 400 ms.
    @Test
    void eachAnswerHasItsOwnTime() throws Exception {
        var patience = Duration.ofSeconds(30);
        var timeouts =
                new SmtpTimeouts(patience, patience, Duration.ofMillis(400), patience, patience);
        var server = ScriptedSmtpServer.start();
        try (Rig rig = Rig.against(server).manner(Manner.PIPELINED).timeouts(timeouts).start()) {
            server.on("RCPT", Act.after(Duration.ofMillis(200), Act.reply("250 ok")));

            var result =
                    rig.deliver(TestMails.to("a@example.net", "b@example.net", "c@example.net"));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
        }
    }

    @Test
    void eachAnswerHasItsOwnRoom() throws Exception {
        try (Rig rig = Rig.plain(Manner.PIPELINED)) {
            var lines = new ArrayList<String>();
            for (int i = 0; i < 1_000; i++) {
                lines.add("250-" + "x".repeat(80));
            }
            lines.add("250 ok");
            rig.server.on("RCPT", lines.toArray(String[]::new));

            var result =
                    rig.deliver(TestMails.to("a@example.net", "b@example.net", "c@example.net"));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
        }
    }
}
