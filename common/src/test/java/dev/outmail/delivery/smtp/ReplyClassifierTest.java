package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.smtp.Ruling.Meaning;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReplyClassifierTest {

    @ParameterizedTest(name = "{0}: {1} is {2}, {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # greeting
                    GREETING  | 220 hello                         | ACCEPTED            | ACCEPTED
                    GREETING  | 250 hello                         | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 421 too busy                      | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 450 not now                       | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 521 no mail here                  | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 530 5.7.0 login                   | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 554 no SMTP service here          | SERVER_TROUBLE      | UNAVAILABLE
                    GREETING  | 554 5.7.1 blocked                 | SERVER_TROUBLE      | UNAVAILABLE
                    # EHLO
                    EHLO      | 250 hello                         | ACCEPTED            | ACCEPTED
                    EHLO      | 421 4.3.2 closing                 | SERVER_TROUBLE      | UNAVAILABLE
                    EHLO      | 451 4.3.0 error                   | SERVER_TROUBLE      | UNAVAILABLE
                    EHLO      | 500 what                          | SERVER_TROUBLE      | UNAVAILABLE
                    EHLO      | 502 what                          | SERVER_TROUBLE      | UNAVAILABLE
                    EHLO      | 550 5.7.1 your name               | SERVER_TROUBLE      | UNAVAILABLE
                    # STARTTLS
                    STARTTLS  | 220 ready                         | ACCEPTED            | ACCEPTED
                    STARTTLS  | 250 ready                         | SERVER_TROUBLE      | TLS_FAILED
                    STARTTLS  | 421 4.3.2 closing                 | SERVER_TROUBLE      | TLS_FAILED
                    STARTTLS  | 454 4.7.0 TLS not available       | SERVER_TROUBLE      | TLS_FAILED
                    STARTTLS  | 501 5.5.4 no parameters           | SERVER_TROUBLE      | TLS_FAILED
                    STARTTLS  | 502 5.5.1 not here                | SERVER_TROUBLE      | TLS_FAILED
                    STARTTLS  | 554 5.7.3 no                      | SERVER_TROUBLE      | TLS_FAILED
                    # AUTH
                    AUTH      | 235 2.7.0 welcome                 | ACCEPTED            | ACCEPTED
                    AUTH      | 250 ok                            | SERVER_TROUBLE      | PROTOCOL_ERROR
                    AUTH      | 334 more                          | SERVER_TROUBLE      | PROTOCOL_ERROR
                    AUTH      | 421 4.7.0 too many                | SERVER_TROUBLE      | UNAVAILABLE
                    AUTH      | 432 4.7.12 transition needed      | SERVER_TROUBLE      | UNAVAILABLE
                    AUTH      | 451 4.3.0 backend                 | SERVER_TROUBLE      | UNAVAILABLE
                    AUTH      | 454 4.7.0 temporary               | SERVER_TROUBLE      | UNAVAILABLE
                    AUTH      | 500 5.5.6 line too long           | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 501 5.5.2 can't decode            | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 502 5.5.1 no AUTH                 | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 503 5.5.1 not now                 | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 504 5.5.4 mechanism               | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 530 5.7.0 STARTTLS first          | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 534 5.7.9 too weak                | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 535 5.7.8 wrong                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 535 wrong                         | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 538 5.7.11 encryption             | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    AUTH      | 550 5.7.1 locked                  | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    # MAIL
                    MAIL      | 250 2.1.0 ok                      | ACCEPTED            | ACCEPTED
                    MAIL      | 251 ok                            | ACCEPTED            | ACCEPTED
                    MAIL      | 354 go on                         | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 334 go on                         | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 421 4.3.2 closing                 | SERVER_TROUBLE      | UNAVAILABLE
                    MAIL      | 421 4.4.2 idle too long           | SERVER_TROUBLE      | UNAVAILABLE
                    MAIL      | 450 4.7.1 not you, not now        | RETRY_MESSAGE       | GREYLISTED
                    MAIL      | 450 later                         | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 451 4.3.0 error                   | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 451 4.1.8 sender domain           | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 452 4.3.1 storage                 | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 452 storage                       | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 454 4.7.0 TLS                     | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 455 parameters now                | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 499 4.0.0 anything                | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 500 5.5.2 syntax                  | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 501 5.5.4 syntax                  | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 501 5.1.7 sender syntax           | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 502 not here                      | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 503 5.5.1 nested MAIL             | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 503 5.7.0 whatever                | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 504 parameter                     | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 521 5.3.2 no mail                 | SERVER_TROUBLE      | UNAVAILABLE
                    MAIL      | 530 5.7.0 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 530 login                         | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 535 5.7.8 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 550 5.7.8 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 550 5.7.9 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 554 5.7.11 encrypt                | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    MAIL      | 550 5.1.0 sender                  | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 550 5.1.8 sender domain           | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 550 sender                        | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 551 sender                        | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 553 sender                        | REJECT_MESSAGE      | SENDER_REFUSED
                    MAIL      | 550 5.7.1 policy                  | REJECT_MESSAGE      | POLICY
                    MAIL      | 550 5.7.60 not your address       | REJECT_MESSAGE      | POLICY
                    MAIL      | 552 too big                       | REJECT_MESSAGE      | TOO_LARGE
                    MAIL      | 552 5.3.4 too big                 | REJECT_MESSAGE      | TOO_LARGE
                    MAIL      | 552 5.2.3 too big                 | REJECT_MESSAGE      | TOO_LARGE
                    MAIL      | 553 5.6.7 no SMTPUTF8             | REJECT_MESSAGE      | SMTPUTF8_UNSUPPORTED
                    MAIL      | 554 no                            | REJECT_MESSAGE      | REFUSED
                    MAIL      | 555 parameter                     | DESYNC              | PROTOCOL_ERROR
                    MAIL      | 550 4.7.1 contradiction           | RETRY_MESSAGE       | TEMPORARY
                    MAIL      | 540 unheard of                    | RETRY_MESSAGE       | PROTOCOL_ERROR
                    MAIL      | 599 5.9.9 unheard of              | RETRY_MESSAGE       | PROTOCOL_ERROR
                    # RCPT
                    RCPT      | 250 2.1.5 ok                      | ACCEPTED            | ACCEPTED
                    RCPT      | 251 will forward                  | ACCEPTED            | ACCEPTED
                    RCPT      | 252 can't verify                  | ACCEPTED            | ACCEPTED
                    RCPT      | 299 fine                          | ACCEPTED            | ACCEPTED
                    RCPT      | 354 go on                         | DESYNC              | PROTOCOL_ERROR
                    RCPT      | 421 4.3.2 closing                 | SERVER_TROUBLE      | UNAVAILABLE
                    RCPT      | 421 too many                      | SERVER_TROUBLE      | UNAVAILABLE
                    RCPT      | 450 4.2.0 Greylisted              | RETRY_RECIPIENT     | GREYLISTED
                    RCPT      | 450 4.7.1 wait                    | RETRY_RECIPIENT     | GREYLISTED
                    RCPT      | 451 4.7.1 wait                    | RETRY_RECIPIENT     | GREYLISTED
                    RCPT      | 451 you are graylisted            | RETRY_RECIPIENT     | GREYLISTED
                    RCPT      | 450 4.2.1 busy                    | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 450 mailbox busy                  | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 451 4.3.0 error                   | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 450 4.1.1 unverified              | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 452 4.2.2 full                    | RETRY_RECIPIENT     | MAILBOX_FULL
                    RCPT      | 452 4.3.1 storage                 | RETRY_MESSAGE       | TEMPORARY
                    RCPT      | 452 4.5.3 too many                | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 452 too many                      | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 451 4.5.3 too many                | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 550 5.5.3 too many                | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 552 5.5.3 too many                | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 552 Too many recipients           | TOO_MANY_RECIPIENTS | TOO_MANY_RECIPIENTS
                    RCPT      | 454 4.7.1 relay, not now          | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 499 anything                      | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 500 what                          | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 501 syntax                        | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 501 5.5.4 syntax                  | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 501 5.1.3 address syntax          | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 502 what                          | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 503 5.5.1 MAIL first              | DESYNC              | PROTOCOL_ERROR
                    RCPT      | 503 5.1.1 whatever                | DESYNC              | PROTOCOL_ERROR
                    RCPT      | 504 parameter                     | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 521 5.3.2 no mail                 | RETRY_RECIPIENT     | UNAVAILABLE
                    RCPT      | 530 5.7.0 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    RCPT      | 534 5.7.9 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    RCPT      | 538 login                         | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    RCPT      | 550 5.7.8 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    RCPT      | 554 5.7.11 encrypt                | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    RCPT      | 550 5.1.0 address                 | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 550 5.1.1 no such user            | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 550 5.1.2 no such host            | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 553 5.1.3 syntax                  | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 551 5.1.6 moved                   | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 556 5.1.10 null MX                | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 550 5.1.4 ambiguous               | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 550 5.1.7 sender                  | REJECT_RECIPIENT    | SENDER_REFUSED
                    RCPT      | 550 5.1.8 sender                  | REJECT_RECIPIENT    | SENDER_REFUSED
                    RCPT      | 550 5.2.1 disabled                | REJECT_RECIPIENT    | MAILBOX_DISABLED
                    RCPT      | 554 5.2.1 disabled                | REJECT_RECIPIENT    | MAILBOX_DISABLED
                    RCPT      | 550 5.2.2 full                    | REJECT_RECIPIENT    | MAILBOX_FULL
                    RCPT      | 552 5.2.2 full                    | REJECT_RECIPIENT    | MAILBOX_FULL
                    RCPT      | 552 full                          | REJECT_RECIPIENT    | MAILBOX_FULL
                    RCPT      | 552 5.2.3 too big                 | REJECT_RECIPIENT    | TOO_LARGE
                    RCPT      | 552 5.3.4 too big                 | REJECT_RECIPIENT    | TOO_LARGE
                    RCPT      | 550 5.2.0 mailbox                 | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 550 5.3.0 system                  | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 550 5.4.1 access denied           | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 550 5.5.0 unavailable             | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 550 5.6.7 no SMTPUTF8             | REJECT_RECIPIENT    | SMTPUTF8_UNSUPPORTED
                    RCPT      | 553 5.6.7 no SMTPUTF8             | REJECT_RECIPIENT    | SMTPUTF8_UNSUPPORTED
                    RCPT      | 550 5.7.0 policy                  | REJECT_RECIPIENT    | POLICY
                    RCPT      | 550 5.7.1 relaying denied         | REJECT_RECIPIENT    | POLICY
                    RCPT      | 554 5.7.1 relay access denied     | REJECT_RECIPIENT    | POLICY
                    RCPT      | 550 5.7.26 unauthenticated        | REJECT_RECIPIENT    | POLICY
                    RCPT      | 550 no                            | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 551 not local                     | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 553 no                            | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 554 no                            | REJECT_RECIPIENT    | REFUSED
                    RCPT      | 556 domain takes no mail          | REJECT_RECIPIENT    | UNKNOWN_RECIPIENT
                    RCPT      | 555 parameter                     | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 550 4.2.1 contradiction           | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 450 5.1.1 contradiction           | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 550 2.1.5 contradiction           | RETRY_RECIPIENT     | TEMPORARY
                    RCPT      | 540 unheard of                    | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    RCPT      | 570 5.7.1 unheard of              | RETRY_RECIPIENT     | PROTOCOL_ERROR
                    # DATA
                    DATA      | 354 go on                         | ACCEPTED            | ACCEPTED
                    DATA      | 250 ok                            | DESYNC              | PROTOCOL_ERROR
                    DATA      | 334 go on                         | DESYNC              | PROTOCOL_ERROR
                    DATA      | 421 4.3.2 closing                 | SERVER_TROUBLE      | UNAVAILABLE
                    DATA      | 450 4.7.1 wait                    | RETRY_MESSAGE       | GREYLISTED
                    DATA      | 451 4.3.0 error                   | RETRY_MESSAGE       | TEMPORARY
                    DATA      | 452 4.3.1 storage                 | RETRY_MESSAGE       | TEMPORARY
                    DATA      | 452 4.5.3 too many                | RETRY_MESSAGE       | TEMPORARY
                    DATA      | 454 4.7.0 TLS                     | RETRY_MESSAGE       | TEMPORARY
                    DATA      | 500 what                          | DESYNC              | PROTOCOL_ERROR
                    DATA      | 501 what                          | DESYNC              | PROTOCOL_ERROR
                    DATA      | 502 what                          | DESYNC              | PROTOCOL_ERROR
                    DATA      | 503 5.5.1 RCPT first              | DESYNC              | PROTOCOL_ERROR
                    DATA      | 530 5.7.0 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    DATA      | 550 5.7.1 policy                  | REJECT_MESSAGE      | POLICY
                    DATA      | 550 no                            | REJECT_MESSAGE      | REFUSED
                    DATA      | 552 too big                       | REJECT_MESSAGE      | TOO_LARGE
                    DATA      | 554 5.5.1 no valid recipients     | REJECT_MESSAGE      | REFUSED
                    DATA      | 554 no                            | REJECT_MESSAGE      | REFUSED
                    DATA      | 521 no mail                       | RETRY_MESSAGE       | UNAVAILABLE
                    DATA      | 577 unheard of                    | RETRY_MESSAGE       | PROTOCOL_ERROR
                    # final dot
                    FINAL_DOT | 250 2.0.0 queued as 42            | ACCEPTED            | ACCEPTED
                    FINAL_DOT | 200 ok                            | ACCEPTED            | ACCEPTED
                    FINAL_DOT | 251 ok                            | ACCEPTED            | ACCEPTED
                    FINAL_DOT | 354 go on                         | IN_DOUBT            | ANSWER_LOST
                    FINAL_DOT | 334 go on                         | IN_DOUBT            | ANSWER_LOST
                    FINAL_DOT | 421 4.3.2 closing                 | RETRY_MESSAGE       | UNAVAILABLE
                    FINAL_DOT | 421 4.7.0 rate                    | RETRY_MESSAGE       | UNAVAILABLE
                    FINAL_DOT | 450 4.7.1 wait                    | RETRY_MESSAGE       | GREYLISTED
                    FINAL_DOT | 451 4.3.0 error                   | RETRY_MESSAGE       | TEMPORARY
                    FINAL_DOT | 452 4.3.1 storage                 | RETRY_MESSAGE       | TEMPORARY
                    FINAL_DOT | 452 4.2.2 full                    | RETRY_MESSAGE       | MAILBOX_FULL
                    FINAL_DOT | 452 4.5.3 too many                | RETRY_MESSAGE       | TEMPORARY
                    FINAL_DOT | 500 what                          | RETRY_MESSAGE       | PROTOCOL_ERROR
                    FINAL_DOT | 501 what                          | RETRY_MESSAGE       | PROTOCOL_ERROR
                    FINAL_DOT | 502 what                          | RETRY_MESSAGE       | PROTOCOL_ERROR
                    FINAL_DOT | 503 5.5.1 sequence                | RETRY_MESSAGE       | PROTOCOL_ERROR
                    FINAL_DOT | 555 what                          | RETRY_MESSAGE       | PROTOCOL_ERROR
                    FINAL_DOT | 521 no mail                       | RETRY_MESSAGE       | UNAVAILABLE
                    FINAL_DOT | 530 5.7.0 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    FINAL_DOT | 550 5.7.9 login                   | CREDENTIAL_TROUBLE  | LOGIN_FAILED
                    FINAL_DOT | 550 5.7.1 spam                    | REJECT_MESSAGE      | POLICY
                    FINAL_DOT | 552 5.7.0 dangerous attachment    | REJECT_MESSAGE      | POLICY
                    FINAL_DOT | 552 5.3.4 too big                 | REJECT_MESSAGE      | TOO_LARGE
                    FINAL_DOT | 552 5.2.2 full                    | REJECT_MESSAGE      | MAILBOX_FULL
                    FINAL_DOT | 552 too big                       | REJECT_MESSAGE      | TOO_LARGE
                    FINAL_DOT | 550 5.1.1 after all unknown       | REJECT_MESSAGE      | REFUSED
                    FINAL_DOT | 550 5.1.8 sender                  | REJECT_MESSAGE      | SENDER_REFUSED
                    FINAL_DOT | 550 5.6.0 content                 | REJECT_MESSAGE      | REFUSED
                    FINAL_DOT | 550 no                            | REJECT_MESSAGE      | REFUSED
                    FINAL_DOT | 554 5.6.0 content                 | REJECT_MESSAGE      | REFUSED
                    FINAL_DOT | 554 no                            | REJECT_MESSAGE      | REFUSED
                    FINAL_DOT | 554 4.3.0 contradiction           | RETRY_MESSAGE       | TEMPORARY
                    FINAL_DOT | 571 5.7.1 unheard of              | RETRY_MESSAGE       | PROTOCOL_ERROR
                    """)
    void eachReplyMeansOneThing(Stage stage, String said, Meaning meaning, Reason reason) {
        assertThat(ReplyClassifier.classify(stage, Reply.parse(said)))
                .isEqualTo(new Ruling(meaning, reason));
    }

    @ParameterizedTest
    @CsvSource({
        "RESOLVE,   SERVER_TROUBLE, UNREACHABLE",
        "CONNECT,   SERVER_TROUBLE, UNREACHABLE",
        "TLS,       SERVER_TROUBLE, TLS_FAILED",
        "GREETING,  SERVER_TROUBLE, CONNECTION_LOST",
        "EHLO,      SERVER_TROUBLE, CONNECTION_LOST",
        "STARTTLS,  SERVER_TROUBLE, CONNECTION_LOST",
        "AUTH,      SERVER_TROUBLE, CONNECTION_LOST",
        "MAIL,      SERVER_TROUBLE, CONNECTION_LOST",
        "RCPT,      RETRY_MESSAGE,  CONNECTION_LOST",
        "DATA,      RETRY_MESSAGE,  CONNECTION_LOST",
        "CONTENT,   RETRY_MESSAGE,  CONNECTION_LOST",
        "FINAL_DOT, IN_DOUBT,       ANSWER_LOST",
    })
    void aLostAnswerIsInDoubtAfterTheFinalDotOnly(Stage stage, Meaning meaning, Reason reason) {
        var lost = new Answer.Lost(Reason.CONNECTION_LOST, "reset");

        assertThat(ReplyClassifier.classify(stage, lost)).isEqualTo(new Ruling(meaning, reason));
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING,  SERVER_TROUBLE, PROTOCOL_ERROR",
        "EHLO,      SERVER_TROUBLE, PROTOCOL_ERROR",
        "STARTTLS,  SERVER_TROUBLE, PROTOCOL_ERROR",
        "AUTH,      SERVER_TROUBLE, PROTOCOL_ERROR",
        "MAIL,      DESYNC,         PROTOCOL_ERROR",
        "RCPT,      DESYNC,         PROTOCOL_ERROR",
        "DATA,      DESYNC,         PROTOCOL_ERROR",
        "FINAL_DOT, IN_DOUBT,       ANSWER_LOST",
    })
    void aGarbledAnswerIsNoVerdict(Stage stage, Meaning meaning, Reason reason) {
        var garbled = new Answer.Garbled("<html>");

        assertThat(ReplyClassifier.classify(stage, garbled)).isEqualTo(new Ruling(meaning, reason));
    }

    /// The codes that RFC 5321 and its extensions know as permanent.
    @ParameterizedTest
    @EnumSource(names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
    void noCodeButTheKnownOnesRejects(Stage stage) {
        Set<Meaning> rejects = EnumSet.of(Meaning.REJECT_MESSAGE, Meaning.REJECT_RECIPIENT);

        IntStream rejecting =
                IntStream.rangeClosed(200, 599)
                        .filter(code ->
                                rejects.contains(
                                        ReplyClassifier.classify(stage, new Reply(code, null, ""))
                                                .meaning()));

        assertThat(rejecting).containsExactly(550, 551, 552, 553, 554, 556);
    }

    @Test
    void afterTheFinalDotNothingIsRepeatedAtOnce() {
        var rulings =
                IntStream.rangeClosed(200, 599)
                        .mapToObj(code -> new Reply(code, null, ""))
                        .map(reply -> ReplyClassifier.classify(Stage.FINAL_DOT, reply));

        assertThat(rulings)
                .extracting(Ruling::meaning)
                .doesNotContain(Meaning.DESYNC, Meaning.SERVER_TROUBLE);
    }
}
