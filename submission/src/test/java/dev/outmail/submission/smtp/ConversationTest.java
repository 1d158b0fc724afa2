package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.producer.MailNotAccepted;
import dev.outmail.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConversationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Rig rig =
            new Rig(Map.of("event.max-recipients", "3", "event.max-bytes", "40000"));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aMessageIsTakenAsItIsAndAnsweredWithItsPlace() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().ask("RCPT TO:<bob@example.org>", "250 2.1.5").data();

            talk.say(Talk.MESSAGE + ".\r\n");

            assertThat(talk.reply())
                    .matches("250 2\\.0\\.0 Queued as \\S+ at outmail\\.events 0@0");
            talk.ask("QUIT", "221 ").expectEnd();
        }
        var taken = rig.letterbox.only();
        assertThat(taken.message()).isEqualTo(Talk.MESSAGE);
        assertThat(taken.sender()).isEqualTo("a@example.com");
        assertThat(taken.recipients()).containsExactly("ada@example.org", "bob@example.org");
        assertThat(taken.trace().received())
                .startsWith("Received: from test.example ([127.0.0.1])\r\n\tby mx.example ")
                .contains("with ESMTP; ")
                .endsWith(" +0000\r\n");
    }

    @Test
    void whatIsOfferedIsWhatThereIs() throws Exception {
        try (var talk = rig.connect()) {
            talk.expect("220 mx.example ESMTP");

            talk.say("EHLO [127.0.0.1]\r\n");

            assertThat(talk.reply())
                    .isEqualTo(
                            """
                            250-mx.example
                            250-PIPELINING
                            250-SIZE 30000
                            250-ENHANCEDSTATUSCODES
                            250-8BITMIME
                            250 SMTPUTF8\
                            """);
        }
    }

    @Test
    void commandsMayComeTogetherAndCutAnywhere() throws Exception {
        var all =
                Talk.lines(
                                "EHLO x",
                                "MAIL FROM:<a@example.com>",
                                "RCPT TO:<ada@example.org>",
                                "DATA")
                        + Talk.MESSAGE
                        + Talk.lines("..", ".", "RSET", "MAIL FROM:<b@example.com> SIZE=10")
                        + Talk.lines("RCPT TO:<no address>", "QUIT");
        for (int cut = 1; cut < all.length(); cut++) {
            try (var talk = rig.connect()) {
                talk.expect("220 ");
                talk.say(all.substring(0, cut)).say(all.substring(cut));

                for (var reply : "250- 250 250 354 250 250 250 550 221".split(" ")) {
                    talk.expect(reply);
                }
                talk.expectEnd();
            }
        }
        assertThat(rig.letterbox.taken())
                .hasSize(all.length() - 1)
                .allMatch(taken -> taken.message().equals(Talk.MESSAGE + ".\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MAIL FROM:<>                                    | 550 5.7.1
                    MAIL FROM:<a@>                                  | 553 5.1.7
                    MAIL FROM:<root>                                | 553 5.1.7
                    MAIL FROM:a@example.com                         | 501 5.5.4
                    MAIL FROM:<a@example.com                        | 501 5.5.4
                    MAIL TO:<a@example.com>                         | 501 5.5.4
                    MAIL FROM:<a@example.com>SIZE=1                 | 501 5.5.4
                    MAIL FROM:<a@example.com> SIZE=1 SIZE=2         | 501 5.5.4
                    MAIL FROM:<a@example.com> SIZE=30000            | 250 2.1.0
                    MAIL FROM:<a@example.com> SIZE=30001            | 552 5.3.4
                    MAIL FROM:<a@example.com> SIZE=99999999999999999999 | 552 5.3.4
                    MAIL FROM:<a@example.com> SIZE=-1               | 555 5.5.4
                    MAIL FROM:<a@example.com> BODY=8BITMIME SMTPUTF8| 250 2.1.0
                    MAIL FROM:<a@example.com> BODY=BINARYMIME       | 555 5.5.4
                    MAIL FROM:<a@example.com> RET=FULL              | 555 5.5.4
                    MAIL FROM:<a@example.com> AUTH=<>               | 250 2.1.0
                    MAIL FROM: <a@example.com>                      | 250 2.1.0
                    MAIL FROM:<"a>b"@example.com>                   | 250 2.1.0
                    MAIL FROM:<ä@example.com>                       | 550 5.6.7
                    MAIL FROM:<ä@example.com> SMTPUTF8              | 250 2.1.0
                    mail from:<a@example.com>                       | 250 2.1.0
                    RCPT TO:<ada@example.org>                       | 503 5.5.1
                    DATA                                            | 503 5.5.1
                    EHLO                                            | 501 5.5.4
                    STARTTLS                                        | 502 5.5.1
                    AUTH PLAIN AGEAYg==                             | 502 5.5.1
                    BDAT 10 LAST                                    | 502 5.5.1
                    VRFY ada                                        | 252 2.1.5
                    WIZ                                             | 500 5.5.1
                    """)
    void aCommandIsAnsweredByTheRules(String command, String reply) throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().ask(command, reply);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <postmaster>                    | 550 5.1.3
                    <ada@>                          | 550 5.1.3
                    <ada@[127.0.0.1]>               | 550 5.1.3
                    <ada@127.0.0.1>                 | 550 5.1.3
                    <ada@-example.org>              | 550 5.1.3
                    <@relay.example:ada@example.org>| 550 5.1.3
                    <a@b@example.org>               | 550 5.1.3
                    <ada%example.com@>              | 550 5.1.3
                    <>                              | 550 5.1.3
                    <ädä@example.org>               | 550 5.6.7
                    <ada@example.org> NOTIFY=NEVER  | 555 5.5.4
                    ada@example.org                 | 501 5.5.4
                    """)
    void aRecipientToWhomNothingCouldGoIsRefusedAndTheOthersAreNot(String path, String reply)
            throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope();

            talk.ask("RCPT TO:" + path, reply);

            talk.data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
        }
        assertThat(rig.letterbox.only().recipients()).containsExactly("ada@example.org");
    }

    @Test
    void moreRecipientsThanAnEventMayHaveComeInAnotherMessage() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope();
            talk.ask("RCPT TO:<b@example.org>", "250 ").ask("RCPT TO:<c@example.org>", "250 ");

            talk.ask("RCPT TO:<d@example.org>", "452 4.5.3");

            talk.ask("RCPT TO:<b@example.org>", "250 ");
            talk.data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
        }
        assertThat(rig.letterbox.only().recipients()).hasSize(3);
    }

    @Test
    void noMessageWithoutARecipient() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().ask("MAIL FROM:<a@example.com>", "250 ");

            talk.ask("DATA", "554 5.5.1").ask("NOOP", "250 ");
        }
    }

    @Test
    void aMessageThatIsLargerThanItSaidIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("From: a@example.com\r\n\r\n" + "0123456789\r\n".repeat(3_000) + ".\r\n");

            talk.expect("552 5.3.4").ask("NOOP", "250 ");
        }
        assertThat(rig.letterbox.taken()).isEmpty();
    }

    @Test
    void aMessageThatIsTooLargeAsAnEventIsRefused() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("From: a@example.com\r\n\r\n" + "\u0001".repeat(7_000) + "\r\n.\r\n");

            talk.expect("552 5.3.4").ask("NOOP", "250 ");
        }
        assertThat(rig.letterbox.taken()).isEmpty();
    }

    @Test
    void aMessageWithoutAnEndIsNotListenedToForEver() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("0123456789\r\n".repeat(6_000));

            talk.expect("552 5.3.4");
        }
    }

    @Test
    void aMessageThatIsNoneIsRefusedWithTheReason() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("Subject: from nobody\r\n\r\nNUL: \0\r\n.\r\n");

            talk.expect("554 5.6.0 Message refused: ");
        }
    }

    @Test
    void aMailThatGoesInCirclesIsRefused() throws Exception {
        var hop = "Received: from a by b; Sun, 29 Nov 2026 09:00:00 +0000\r\n";
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();
            talk.say(hop.repeat(50) + Talk.MESSAGE + ".\r\n").expect("250 ");
            talk.envelope().data();

            talk.say(hop.repeat(51) + Talk.MESSAGE + ".\r\n").expect("554 5.4.6");
        }
    }

    @Test
    void whatKafkaDoesNotConfirmIsNotPromised() throws Exception {
        rig.letterbox.confirmBy(
                () -> CompletableFuture.failedFuture(new IllegalStateException("away")));
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say(Talk.MESSAGE + ".\r\n").expect("451 4.3.0");

            rig.letterbox.confirmBy(() -> CompletableFuture.completedFuture(null));
            talk.envelope().data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
        }
        assertThat(rig.letterbox.taken()).hasSize(1);
        assertThat(rig.meters.scrape())
                .contains("messages_total{result=\"unconfirmed\"} 1")
                .contains("messages_total{result=\"accepted\"} 1");
    }

    @Test
    void whatIsTooLargeForKafkaIsNotTriedAgain() throws Exception {
        var tooLarge = new MailNotAccepted("no", new RecordTooLargeException("no"));
        rig.letterbox.confirmBy(() -> CompletableFuture.failedFuture(tooLarge));
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say(Talk.MESSAGE + ".\r\n").expect("552 5.3.4");
        }
        assertThat(rig.meters.scrape()).contains("messages_total{result=\"too-large\"} 1");
    }

    @Test
    void nothingIsPromisedBeforeKafkaHasConfirmed() throws Exception {
        var confirmation = new CompletableFuture<Void>();
        var asked = new CompletableFuture<Void>();
        rig.letterbox.confirmBy(() -> {
            asked.complete(null);
            return confirmation;
        });
        try (var talk = rig.connect()) {
            talk.begin().envelope().data().say(Talk.MESSAGE + ".\r\n");
            asked.join();
            assertThat(talk.hasHeardMore()).isFalse();

            confirmation.complete(null);

            talk.expect("250 ");
        }
    }

    @Test
    void whoSaysNonsenseAgainAndAgainIsSentAway() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin();
            for (int i = 0; i < 19; i++) {
                talk.ask("WIZ", "500 ");
            }

            talk.ask("DEBUG", "421 4.7.0").expectEnd();
        }
    }

    @Test
    void whoSaysMuchAndSendsNothingIsSentAway() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin();
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 90; i++) {
                    talk.ask("NOOP", "250 ");
                }
                talk.envelope().ask("RCPT TO:<b@example.org>", "250 ");
                talk.ask("RCPT TO:<c@example.org>", "250 ");
                for (int i = 0; i < 100; i++) {
                    talk.ask("RCPT TO:<d@example.org>", "452 ");
                }
                talk.data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
            }
            for (int i = 0; i < 99; i++) {
                talk.ask("RSET", "250 ");
            }

            talk.ask("RSET", "421 4.7.0").expectEnd();
        }
    }

    @Test
    void whoNamesNobodyToWhomSomethingCouldGoIsSentAway() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().ask("MAIL FROM:<a@example.com>", "250 ");
            for (int i = 0; i < 97; i++) {
                talk.ask("RCPT TO:<postmaster>", "550 ");
            }

            talk.ask("RCPT TO:<postmaster>", "421 4.7.0").expectEnd();
        }
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndPassedOver() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin();

            talk.ask("NOOP " + "x".repeat(100_000), "500 5.5.2").ask("NOOP", "250 ");
        }
    }

    @Test
    void aClientThatIsLostInTheMiddleHasSentNothing() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data().say(Talk.MESSAGE);
        }

        Await.until(PATIENCE, () -> rig.open() == 0, "the conversation is over");
        assertThat(rig.letterbox.taken()).isEmpty();
    }
}
