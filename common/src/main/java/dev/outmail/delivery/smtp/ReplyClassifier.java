package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.smtp.Ruling.Meaning;

/// The table of what each answer means at each stage. Unknown is never permanent.
///
/// A reply whose two codes contradict each other (550 4.2.1) is taken for the milder one (RFC 2034
/// §4 demands that they agree).
final class ReplyClassifier {
    private ReplyClassifier() {}

    static Ruling classify(Stage stage, Answer answer) {
        return switch (answer) {
            case Reply reply -> reply(stage, reply);
            case Answer.Lost lost -> lost(stage, lost.reason());
            case Answer.Garbled ignored -> garbled(stage);
        };
    }

    /// From RCPT on the message itself may be what cuts the line, so it waits its own time; before,
    /// it can't be.
    private static Ruling lost(Stage stage, Reason reason) {
        return switch (stage) {
            case RESOLVE, CONNECT -> server(Reason.UNREACHABLE);
            case TLS -> server(Reason.TLS_FAILED);
            case GREETING, EHLO, STARTTLS, AUTH, MAIL -> server(reason);
            case RCPT, DATA -> new Ruling(Meaning.RETRY_MESSAGE, reason);
            case CONTENT ->
                    new Ruling(
                            reason == Reason.WITHHELD ? Meaning.WITHHELD : Meaning.RETRY_MESSAGE,
                            reason);
            case FINAL_DOT -> new Ruling(Meaning.IN_DOUBT, Reason.ANSWER_LOST);
        };
    }

    private static Ruling garbled(Stage stage) {
        return switch (stage) {
            case MAIL, RCPT, DATA -> desync();
            case FINAL_DOT -> new Ruling(Meaning.IN_DOUBT, Reason.ANSWER_LOST);
            case RESOLVE, CONNECT, TLS, GREETING, EHLO, STARTTLS, AUTH, CONTENT ->
                    server(Reason.PROTOCOL_ERROR);
        };
    }

    private static Ruling reply(Stage stage, Reply reply) {
        return switch (stage) {
            case RESOLVE, CONNECT, TLS, CONTENT -> server(Reason.PROTOCOL_ERROR);
            case GREETING -> reply.code() == 220 ? accepted() : server(Reason.UNAVAILABLE);
            case EHLO -> reply.code() == 250 ? accepted() : server(Reason.UNAVAILABLE);
            case STARTTLS -> reply.code() == 220 ? accepted() : server(Reason.TLS_FAILED);
            case AUTH -> login(reply);
            case MAIL, RCPT, DATA, FINAL_DOT -> transaction(stage, reply);
        };
    }

    private static Ruling login(Reply reply) {
        return switch (reply.code() / 100) {
            case 4 -> server(Reason.UNAVAILABLE);
            case 5 -> credentials();
            default -> reply.code() == 235 ? accepted() : server(Reason.PROTOCOL_ERROR);
        };
    }

    private static Ruling transaction(Stage stage, Reply reply) {
        if (reply.code() / 100 < 4) {
            return notRefused(stage, reply);
        }
        if (asksForLogin(reply)) {
            return credentials();
        }
        if (stage == Stage.RCPT && isTooMany(reply)) {
            return new Ruling(Meaning.TOO_MANY_RECIPIENTS, Reason.TOO_MANY_RECIPIENTS);
        }
        if (isClosing(stage, reply)) {
            return server(Reason.UNAVAILABLE);
        }
        return reply.isTransient() || contradictsItself(reply)
                ? later(stage, reply)
                : never(stage, reply);
    }

    private static Ruling notRefused(Stage stage, Reply reply) {
        boolean asHoped = stage == Stage.DATA ? reply.code() == 354 : reply.isPositive();
        if (asHoped) {
            return accepted();
        }
        return stage == Stage.FINAL_DOT
                ? new Ruling(Meaning.IN_DOUBT, Reason.ANSWER_LOST)
                : desync();
    }

    /// Says nothing about the message, whatever it is an answer to.
    private static boolean asksForLogin(Reply reply) {
        return switch (reply.code()) {
            case 530, 534, 535, 538 -> true;
            case 503 -> false;
            default ->
                    reply.isPermanent() && !contradictsItself(reply) && reply.isAbout(7, 8, 9, 11);
        };
    }

    private static boolean isTooMany(Reply reply) {
        return reply.isAbout(5, 3)
                || reply.mentions("too many recipients")
                || (reply.code() == 452 && reply.enhanced() == null);
    }

    /// After the dot even this is an answer to the message, which may be what brings it about.
    private static boolean isClosing(Stage stage, Reply reply) {
        return switch (stage) {
            case MAIL -> reply.code() == 421 || reply.code() == 521;
            case RCPT, DATA -> reply.code() == 421;
            default -> false;
        };
    }

    private static boolean contradictsItself(Reply reply) {
        EnhancedCode enhanced = reply.enhanced();
        return enhanced != null && enhanced.category() != reply.code() / 100;
    }

    private static Ruling later(Stage stage, Reply reply) {
        if (reply.code() == 503) {
            return outOfStep(stage);
        }
        boolean storage = reply.code() == 452 && reply.isAbout(3);
        if (stage == Stage.RCPT && !storage) {
            return new Ruling(Meaning.RETRY_RECIPIENT, transientReason(reply));
        }
        return new Ruling(Meaning.RETRY_MESSAGE, transientReason(reply));
    }

    private static Reason transientReason(Reply reply) {
        if (reply.mentions("greylist") || reply.mentions("graylist")) {
            return Reason.GREYLISTED;
        }
        return switch (reply.code()) {
            case 421, 521 -> Reason.UNAVAILABLE;
            case 450, 451 -> reply.isAbout(7) ? Reason.GREYLISTED : mailboxReason(reply);
            default -> mailboxReason(reply);
        };
    }

    private static Reason mailboxReason(Reply reply) {
        return reply.isAbout(2, 2) ? Reason.MAILBOX_FULL : Reason.TEMPORARY;
    }

    private static Ruling never(Stage stage, Reply reply) {
        return switch (reply.code()) {
            case 503 -> outOfStep(stage);
            case 500, 501, 502, 504, 555 ->
                    namesAddress(stage, reply) ? refused(stage, reply) : notUnderstood(stage);
            case 550, 551, 552, 553, 554, 556 -> refused(stage, reply);
            case 521 -> retry(stage, Reason.UNAVAILABLE);
            default -> retry(stage, Reason.PROTOCOL_ERROR);
        };
    }

    private static Ruling outOfStep(Stage stage) {
        return stage == Stage.FINAL_DOT ? retry(stage, Reason.PROTOCOL_ERROR) : desync();
    }

    /// A recipient that the server can't parse is no trouble of the other recipients.
    private static Ruling notUnderstood(Stage stage) {
        return stage == Stage.RCPT ? retry(stage, Reason.PROTOCOL_ERROR) : outOfStep(stage);
    }

    private static boolean namesAddress(Stage stage, Reply reply) {
        return switch (stage) {
            case MAIL -> reply.isAbout(1, 7, 8);
            case RCPT -> reply.isAbout(1);
            default -> false;
        };
    }

    private static Ruling retry(Stage stage, Reason reason) {
        return new Ruling(
                stage == Stage.RCPT ? Meaning.RETRY_RECIPIENT : Meaning.RETRY_MESSAGE, reason);
    }

    private static Ruling refused(Stage stage, Reply reply) {
        return new Ruling(
                stage == Stage.RCPT ? Meaning.REJECT_RECIPIENT : Meaning.REJECT_MESSAGE,
                permanentReason(stage, reply));
    }

    private static Reason permanentReason(Stage stage, Reply reply) {
        EnhancedCode enhanced = reply.enhanced();
        if (enhanced == null) {
            return reasonByCode(stage, reply.code());
        }
        return switch (enhanced.subject()) {
            case 1 -> addressReason(stage, enhanced.detail());
            case 2 ->
                    switch (enhanced.detail()) {
                        case 1 -> Reason.MAILBOX_DISABLED;
                        case 2 -> Reason.MAILBOX_FULL;
                        case 3 -> Reason.TOO_LARGE;
                        default -> Reason.REFUSED;
                    };
            case 3 -> enhanced.detail() == 4 ? Reason.TOO_LARGE : Reason.REFUSED;
            case 6 -> enhanced.detail() == 7 ? Reason.SMTPUTF8_UNSUPPORTED : Reason.REFUSED;
            case 7 -> Reason.POLICY;
            default -> Reason.REFUSED;
        };
    }

    /// 5.1.7 and 5.1.8 are about the sender, at whatever stage a server says so.
    private static Reason addressReason(Stage stage, int detail) {
        return switch (stage) {
            case MAIL -> Reason.SENDER_REFUSED;
            case RCPT ->
                    switch (detail) {
                        case 0, 1, 2, 3, 6, 10 -> Reason.UNKNOWN_RECIPIENT;
                        case 7, 8 -> Reason.SENDER_REFUSED;
                        default -> Reason.REFUSED;
                    };
            default -> detail == 7 || detail == 8 ? Reason.SENDER_REFUSED : Reason.REFUSED;
        };
    }

    private static Reason reasonByCode(Stage stage, int code) {
        return switch (stage) {
            case MAIL ->
                    switch (code) {
                        case 552 -> Reason.TOO_LARGE;
                        case 550, 551, 553 -> Reason.SENDER_REFUSED;
                        default -> Reason.REFUSED;
                    };
            case RCPT ->
                    switch (code) {
                        case 551, 556 -> Reason.UNKNOWN_RECIPIENT;
                        case 552 -> Reason.MAILBOX_FULL;
                        default -> Reason.REFUSED;
                    };
            default -> code == 552 ? Reason.TOO_LARGE : Reason.REFUSED;
        };
    }

    private static Ruling accepted() {
        return new Ruling(Meaning.ACCEPTED, Reason.ACCEPTED);
    }

    private static Ruling desync() {
        return new Ruling(Meaning.DESYNC, Reason.PROTOCOL_ERROR);
    }

    private static Ruling server(Reason reason) {
        return new Ruling(Meaning.SERVER_TROUBLE, reason);
    }

    private static Ruling credentials() {
        return new Ruling(Meaning.CREDENTIAL_TROUBLE, Reason.LOGIN_FAILED);
    }
}
