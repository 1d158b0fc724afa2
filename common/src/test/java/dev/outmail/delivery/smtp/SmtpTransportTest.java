package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static dev.outmail.delivery.smtp.Rig.verdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass
@EnumSource
class SmtpTransportTest {
    private final Manner manner;

    SmtpTransportTest(Manner manner) {
        this.manner = manner;
    }

    @Test
    void aMessageIsSentAsTheConversationOfRfc5321() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on(".", "250 2.0.0 queued as 42");

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));

            assertThat(result)
                    .isInstanceOfSatisfying(
                            Judged.class,
                            judged -> {
                                assertThat(judged.server()).isEqualTo(rig.address());
                                assertThat(judged.detail()).isEqualTo("250 2.0.0 queued as 42");
                            });
            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(rig.server.heardOn(1))
                    .containsExactly(
                            "EHLO worker.example.org",
                            "MAIL FROM:<sender@example.org>",
                            "RCPT TO:<a@example.net>",
                            "RCPT TO:<b@example.net>",
                            "DATA");
            assertThat(rig.server.received().getFirst().text())
                    .isEqualTo("Subject: hi\r\n\r\nhello\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: b\r\n\r\n.\r\n",
                "A: b\r\n\r\n..\r\n...\r\n.x\r\n",
                ".\r\n",
                "A: b\r\n\r\nü 漢\r\n",
                "A: b\r\n\r\n\r\n\r\n"
            })
    void theContentArrivesByteForByte(String content) throws Exception {
        try (Rig rig = Rig.plain(manner)) {

            var result = rig.deliver(TestMails.with(content, "a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.received().getFirst().text()).isEqualTo(content);
        }
    }

    /// A line end that is none to one server and one to the next would smuggle a second message
    /// (CVE-2023-51764).
    @ParameterizedTest
    @ValueSource(
            strings = {"x\n.\nMAIL", "x\r.\rMAIL", "x\n.\r\nMAIL", "x\r\n.\nMAIL", "x\r\n.\rMAIL"})
    void noContentCanEndItself(String content) throws Exception {
        try (Rig rig = Rig.plain(manner)) {

            var result = rig.deliver(TestMails.with(content + "\r\n", "a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.received().getFirst().text()).isEqualTo("x\r\n.\r\nMAIL\r\n");
            assertThat(rig.server.heardOn(1)).last().isEqualTo("DATA");
        }
    }

    @Test
    void aConnectionInOrderIsUsedAgain() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            for (int i = 0; i < 5; i++) {
                assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            }

            assertThat(rig.server.connections()).isEqualTo(1);
            assertThat(rig.server.received()).hasSize(5);
        }
    }

    @Test
    void eachRecipientHasItsOwnVerdict() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server
                    .on("RCPT TO:<gone@", "550-5.1.1 no", "550 5.1.1 such user")
                    .on("RCPT TO:<grey@", "450 4.2.0 greylisted");

            var result =
                    rig.deliver(
                            TestMails.to("a@example.net", "gone@example.net", "grey@example.net"));

            assertThat(verdicts(result))
                    .extracting(RecipientVerdict::verdict, RecipientVerdict::reason)
                    .containsExactly(
                            tuple(Verdict.ACCEPTED, Reason.ACCEPTED),
                            tuple(Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT),
                            tuple(Verdict.DEFERRED, Reason.GREYLISTED));
            assertThat(verdicts(result).get(1).detail()).isEqualTo("550 5.1.1 no such user");
            assertThat(rig.server.received().getFirst().recipients())
                    .containsExactly("<a@example.net>");
        }
    }

    @Test
    void whenNobodyIsAcceptedNothingIsSentAndTheConnectionIsResetAndUsedAgain() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT TO:<gone@", "550 5.1.1 no such user");

            var refused = rig.deliver(TestMails.to("gone@example.net"));
            var next = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(refused, Verdict.REJECTED);
            assertVerdicts(next, Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(1);
            assertThat(rig.server.heardOn(1)).contains("RSET");
            assertThat(rig.server.received()).hasSize(1);
        }
    }

    @Test
    void aConnectionThatCantBeResetIsNotUsedAgain() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT TO:<gone@", "550 5.1.1 no such user").on("RSET", "500 what?");

            assertVerdicts(rig.deliver(TestMails.to("gone@example.net")), Verdict.REJECTED);
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);

            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void theDotsVerdictIsThatOfTheAcceptedRecipientsOnly() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT TO:<gone@", "550 5.1.1 no such user").on(".", "451 4.3.0 later");

            var result = rig.deliver(TestMails.to("gone@example.net", "a@example.net"));

            assertThat(verdicts(result))
                    .extracting(RecipientVerdict::detail)
                    .containsExactly("550 5.1.1 no such user", "451 4.3.0 later");
            assertVerdicts(result, Verdict.REJECTED, Verdict.DEFERRED);
        }
    }

    @Test
    void anAnswerLostAfterTheDotKeepsTheVerdictsOfRcpt() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT TO:<gone@", "550 5.1.1 no such user").once(".", Act.close());

            var result = rig.deliver(TestMails.to("gone@example.net", "a@example.net"));

            assertVerdicts(result, Verdict.REJECTED, Verdict.IN_DOUBT);
            assertThat(rig.server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL | 550 5.1.8 sender        | REJECTED | SENDER_REFUSED",
                "MAIL | 451 4.3.0 later         | DEFERRED | TEMPORARY",
                "DATA | 554 no                  | REJECTED | REFUSED",
                "DATA | 451 4.3.0 later         | DEFERRED | TEMPORARY",
                ".    | 554 5.7.1 spam          | REJECTED | POLICY",
                ".    | 451 4.3.0 later         | DEFERRED | TEMPORARY",
                ".    | 421 4.3.2 closing       | DEFERRED | UNAVAILABLE",
                ".    | 251 2.0.0 unusual       | ACCEPTED | ACCEPTED"
            })
    void aRefusalOfTheMessageIsEverybodysVerdict(
            String moment, String reply, Verdict verdict, Reason reason) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once(moment, reply);

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));
            var next = rig.deliver(TestMails.to("c@example.net"));

            assertAll(result, verdict, reason);
            assertVerdicts(next, Verdict.ACCEPTED);
            assertThat(rig.server.surprises()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL    | 421 4.3.2 closing         | SERVER      | UNAVAILABLE",
                "RCPT    | 421 4.3.2 closing         | SERVER      | UNAVAILABLE",
                "DATA    | 421 4.3.2 closing         | SERVER      | UNAVAILABLE",
                "MAIL    | 530 5.7.0 login           | CREDENTIALS | LOGIN_FAILED",
                "RCPT    | 530 5.7.0 login           | CREDENTIALS | LOGIN_FAILED",
                ".       | 530 5.7.0 login           | CREDENTIALS | LOGIN_FAILED",
                "CONNECT | 554 no SMTP service here  | SERVER      | UNAVAILABLE",
                "CONNECT | 421 too busy              | SERVER      | UNAVAILABLE",
                "CONNECT | SSH-2.0-OpenSSH           | SERVER      | PROTOCOL_ERROR",
                "EHLO    | 421 4.3.2 closing         | SERVER      | UNAVAILABLE",
                "EHLO    | 451 later                 | SERVER      | UNAVAILABLE"
            })
    void troubleOfTheServersIsNoVerdictOnTheMessage(
            String moment, String reply, Kind kind, Reason reason) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once(moment, Act.reply(reply).then(Act.close()));

            var result = rig.deliver(TestMails.to("a@example.net", "b@example.net"));
            var next = rig.deliver(TestMails.to("c@example.net"));

            assertThat(assertTrouble(result, kind, reason).detail()).contains(reply);
            assertVerdicts(next, Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void verdictsGivenBeforeTheServersTroubleStay() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server
                    .on("RCPT TO:<gone@", "550 5.1.1 no such user")
                    .on("RCPT TO:<a@", Act.reply("421 closing").then(Act.close()));

            var result = rig.deliver(TestMails.to("gone@example.net", "a@example.net"));

            assertVerdicts(result, Verdict.REJECTED, Verdict.DEFERRED);
            assertThat(verdicts(result).get(1).reason()).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void aConversationOutOfStepIsBegunAgainOnceOnAFreshConnection(String moment) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once(moment, "503 5.5.1 bad sequence");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
            assertThat(rig.server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 503 5.5.1 bad sequence",
        "RCPT, 503 5.5.1 bad sequence",
        "DATA, 503 bad sequence",
        "MAIL, 501 syntax",
        "DATA, 500 what",
        "MAIL, <html>",
        "RCPT, <html>",
        "DATA, <html>"
    })
    void aServerThatStaysOutOfStepDefersAndNeverRejects(String moment, String reply)
            throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on(moment, reply);

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertAll(result, Verdict.DEFERRED, Reason.PROTOCOL_ERROR);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    /// From here on each answer is the one to the command before.
    @ParameterizedTest
    @ValueSource(strings = {"250 by the way", "550 5.1.8 by the way", "451 by the way"})
    void aServerThatSaysALineTooManyHarmsNobody(String tooMany) throws Exception {
        for (List<String> recipients :
                List.of(
                        List.of("a", "gone", "b"),
                        List.of("a", "gone"),
                        List.of("gone", "a"),
                        List.of("gone"),
                        List.of("a"))) {
            try (Rig rig = Rig.plain(manner)) {
                rig.server
                        .on("RCPT TO:<gone@", "550 5.1.1 no such user")
                        .once(".", "250 taken", tooMany);
                assertVerdicts(rig.deliver(TestMails.to("x@example.net")), Verdict.ACCEPTED);

                var result =
                        rig.deliver(
                                TestMails.to(
                                        recipients.stream()
                                                .map(name -> name + "@example.net")
                                                .toArray(String[]::new)));

                Verdict[] expected =
                        recipients.stream()
                                .map(n -> n.equals("gone") ? Verdict.REJECTED : Verdict.ACCEPTED)
                                .toArray(Verdict[]::new);
                if (tooMany.startsWith("451")) {
                    assertVerdicts(
                            result,
                            recipients.stream()
                                    .map(name -> Verdict.DEFERRED)
                                    .toArray(Verdict[]::new));
                } else {
                    assertVerdicts(result, expected);
                }
            }
        }
    }

    @Test
    void aRefusalOfTheSenderIsBelievedOnAFreshConnectionOnly() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            rig.server.on("MAIL", "550 5.1.8 sender");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertAll(result, Verdict.REJECTED, Reason.SENDER_REFUSED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aMessageWithoutAnEndToItsLastLineEndsAllTheSame() throws Exception {
        try (Rig rig = Rig.plain(manner)) {

            assertVerdicts(rig.deliver(TestMails.with("A: b", "a@example.net")), Verdict.ACCEPTED);

            assertThat(rig.server.received().getFirst().text()).isEqualTo("A: b\r\n");
        }
    }

    @Test
    void aRecipientTheServerCantParseIsNoTroubleOfTheOthers() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT TO:<odd@", "501 malformed address");

            var result = rig.deliver(TestMails.to("odd@example.net", "a@example.net"));

            assertVerdicts(result, Verdict.DEFERRED, Verdict.ACCEPTED);
        }
    }

    @Test
    void manyRecipientsGoInTransactionsOfFiftyOnOneConnection() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            String[] recipients = recipients(120);

            var result = rig.deliver(TestMails.to(recipients));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(1);
            assertThat(rig.server.received())
                    .extracting(message -> message.recipients().size())
                    .containsExactly(50, 50, 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"452 4.5.3 too many", "452 too many recipients", "552 5.5.3 too many"})
    void whatIsTooManyForOneTransactionGoesIntoTheNextAtOnce(String reply) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            int[] named = {0};
            rig.server
                    .on(
                            "MAIL",
                            peer -> {
                                named[0] = 0;
                                peer.say("250 ok");
                            })
                    .on("RCPT", peer -> peer.say(++named[0] > 7 ? reply : "250 ok"));

            var result = rig.deliver(TestMails.to(recipients(20)));

            assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(rig.server.received())
                    .extracting(message -> message.recipients().size())
                    .containsExactly(7, 7, 6);
            assertThat(
                            new HashSet<>(
                                    rig.server.received().stream()
                                            .flatMap(m -> m.recipients().stream())
                                            .toList()))
                    .hasSize(20);
        }
    }

    @Test
    void aServerThatTakesNobodyMoreDefersTheRest() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            int[] named = {0};
            rig.server.on(
                    "RCPT", peer -> peer.say(++named[0] > 3 ? "452 4.5.3 that's it" : "250 ok"));

            var result = rig.deliver(TestMails.to(recipients(5)));

            assertVerdicts(
                    result,
                    Verdict.ACCEPTED,
                    Verdict.ACCEPTED,
                    Verdict.ACCEPTED,
                    Verdict.DEFERRED,
                    Verdict.DEFERRED);
            assertThat(verdicts(result).getLast().reason()).isEqualTo(Reason.TOO_MANY_RECIPIENTS);
        }
    }

    @Test
    void troubleInALaterTransactionLeavesTheEarlierVerdicts() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once("MAIL", "250 ok").once("MAIL", Act.close());

            var result = rig.deliver(TestMails.to(recipients(60)));

            assertThat(verdicts(result).subList(0, 50))
                    .allMatch(v -> v.verdict() == Verdict.ACCEPTED);
            assertThat(verdicts(result).subList(50, 60))
                    .allMatch(v -> v.verdict() == Verdict.DEFERRED)
                    .allMatch(v -> v.reason() == Reason.CONNECTION_LOST);
        }
    }

    @Test
    void aMessageBeyondTheServersSizeIsRejectedBeforeItIsSent() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.extensions("SIZE 1000");

            var result = rig.deliver(TestMails.with("x".repeat(999) + "\r\n", "a@example.net"));
            var smaller = rig.deliver(TestMails.with("x".repeat(998) + "\r\n", "a@example.net"));

            assertAll(result, Verdict.REJECTED, Reason.TOO_LARGE);
            assertAll(smaller, Verdict.ACCEPTED, Reason.ACCEPTED);
            assertThat(rig.server.heardOn(1))
                    .filteredOn(line -> line.startsWith("MAIL"))
                    .containsExactly("MAIL FROM:<sender@example.org> SIZE=1000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE 0", "SIZE unlimited", "SIZE 99999999999999999999"})
    void aSizeThatIsNoLimitLimitsNothing(String size) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.extensions(size);

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        }
    }

    @Test
    void eightBitContentIsDeclaredWhereTheServerKnowsIt() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.deliver(TestMails.with("A: b\r\n\r\nü\r\n", "a@example.net"));

            assertThat(rig.server.heardOn(1))
                    .contains("MAIL FROM:<sender@example.org> BODY=8BITMIME");
        }
    }

    @Test
    void smtpUtf8IsAskedForWhereItIsNeeded() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.extensions("SMTPUTF8", "8BITMIME");

            var result =
                    rig.deliver(
                            TestMails.requiringSmtpUtf8(
                                    "To: ü@example.net\r\n\r\nx\r\n", "ü@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.heardOn(1))
                    .contains("MAIL FROM:<sender@example.org> BODY=8BITMIME SMTPUTF8")
                    .contains("RCPT TO:<ü@example.net>");
        }
    }

    @Test
    void withoutSmtpUtf8OnlyWhoNeedsItIsRejected() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            var message =
                    TestMails.requiringSmtpUtf8(
                            "A: b\r\n\r\nx\r\n", "ü@example.net", "a@example.net");

            var result = rig.deliver(message);

            assertVerdicts(result, Verdict.REJECTED, Verdict.ACCEPTED);
            assertThat(verdicts(result).getFirst().reason()).isEqualTo(Reason.SMTPUTF8_UNSUPPORTED);
        }
    }

    @Test
    void withoutSmtpUtf8AHeaderThatNeedsItIsRejectedForEverybody() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            var message =
                    TestMails.requiringSmtpUtf8(
                            "To: ü@example.net\r\n\r\nx\r\n", "a@example.net", "b@example.net");

            assertAll(rig.deliver(message), Verdict.REJECTED, Reason.SMTPUTF8_UNSUPPORTED);
            assertThat(rig.server.received()).isEmpty();
        }
    }

    @Test
    void anOldServerThatKnowsNoEhloIsGreetedTheOldWay() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("EHLO", "500 what?");

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            assertThat(rig.server.heardOn(1)).element(1).isEqualTo("HELO worker.example.org");
        }
    }

    @Test
    void repliesOfAnyLengthOfLinesAndWordsAreUnderstood() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server
                    .on("CONNECT", "220-one", "220-two", "220 three")
                    .on("MAIL", "250")
                    .on("RCPT", "250-", "250")
                    .on("DATA", "354")
                    .on(".", "250-2.0.0 " + "x".repeat(5_000), "250 2.0.0 done");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(verdicts(result).getFirst().detail()).hasSize(2_048).endsWith("…");
        }
    }

    @Test
    void aServersWordsAreMadePrintable() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.on("RCPT", "550 5.1.1 \u001b[2J\u202e<script>");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertThat(verdicts(result).getFirst().detail())
                    .isEqualTo("550 5.1.1 \\u001b[2J\\u202e<script>");
        }
    }

    @Test
    void anUnknownHostIsServerTrouble() throws Exception {
        try (Rig rig =
                Rig.against(ScriptedSmtpServer.start())
                        .manner(manner)
                        .host("no-such-host.invalid")
                        .start()) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.UNREACHABLE);
        }
    }

    @Test
    void aServerThatRefusesConnectionsIsServerTrouble() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.close();

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.SERVER, Reason.UNREACHABLE);
            assertThat(trouble.detail()).startsWith(rig.address() + " can't be reached: ");
        }
    }

    private static String[] recipients(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "r" + i + "@example.net")
                .toArray(String[]::new);
    }
}
