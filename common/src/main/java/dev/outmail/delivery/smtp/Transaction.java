package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.VerdictSheet;
import dev.outmail.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One mail transaction (RFC 5321 §3.3): from MAIL to the answer to the final dot, for some of the
/// recipients. Whom it leaves without a verdict goes into the next one.
///
/// A server that says one line too many makes every later answer one to the command before. So that
/// nobody is rejected for it, refusals of recipients count when the transaction has been seen to be
/// in step, by 354 after them or 250 to RSET; else, and for refusals of the sender, only a
/// connection without a past is believed, if 354 doesn't come late.
///
/// Where the server offers PIPELINING, everything up to DATA is said before the first answer is
/// read. The answers are judged one by one all the same, and the message leaves only when 354 came
/// in its place among them; a server that waits for one that it won't get is left.
final class Transaction {
    private final SmtpSession session;
    private final SmtpTimeouts timeouts;
    private final byte[] message;
    private final Leave leave;
    private final VerdictSheet sheet;
    private final boolean first;
    private final List<EmailAddress> taken = new ArrayList<>();
    private boolean announced;
    private final List<RecipientVerdict> refusals = new ArrayList<>();

    /// Prepares one.
    ///
    /// @param leave asked for before the final dot
    /// @param first whether the connection has had no transaction before
    Transaction(
            SmtpSession session,
            SmtpTimeouts timeouts,
            byte[] message,
            Leave leave,
            VerdictSheet sheet,
            boolean first) {
        this.first = first;
        this.session = session;
        this.timeouts = timeouts;
        this.message = message;
        this.leave = leave;
        this.sheet = sheet;
    }

    /// @param commands MAIL, RCPT for each of the recipients, DATA
    /// @param successor told before the final dot: what the message after this one begins with
    Ending run(
            List<EmailAddress> recipients,
            List<String> commands,
            Supplier<List<String>> successor) {
        announced = session.isAhead();
        session.sayAhead(commands);
        Ending refusal = mail(commands.getFirst());
        if (refusal == null) {
            refusal = recipients(recipients, commands.subList(1, commands.size() - 1));
        }
        if (refusal != null) {
            return refusal;
        }
        if (taken.isEmpty()) {
            return nobodyTaken();
        }
        boolean everybodyAnswered = taken.size() + refusals.size() == recipients.size();
        return content(commands.getLast(), everybodyAnswered ? successor : List::of);
    }

    private @Nullable Ending mail(String command) {
        Answer answer = session.ask(Stage.MAIL, command);
        Ruling ruling = ReplyClassifier.classify(Stage.MAIL, answer);
        if (ruling.meaning() == Ruling.Meaning.ACCEPTED) {
            return null;
        }
        if (ruling.meaning() == Ruling.Meaning.REJECT_MESSAGE) {
            if (!first) {
                return new Ending.OutOfStep(answer.detail());
            }
            sheet.judgeRest(Verdict.REJECTED, ruling.reason(), answer.detail());
            return reset();
        }
        return end(ruling, answer);
    }

    /// Names the recipients until the server has enough.
    private @Nullable Ending recipients(List<EmailAddress> recipients, List<String> commands) {
        for (int i = 0; i < commands.size(); i++) {
            EmailAddress recipient = recipients.get(i);
            Answer answer = session.ask(Stage.RCPT, commands.get(i));
            Ruling ruling = ReplyClassifier.classify(Stage.RCPT, answer);
            switch (ruling.meaning()) {
                case ACCEPTED -> taken.add(recipient);
                case REJECT_RECIPIENT ->
                        refuse(recipient, Verdict.REJECTED, ruling.reason(), answer);
                case RETRY_RECIPIENT ->
                        refuse(recipient, Verdict.DEFERRED, ruling.reason(), answer);
                case TOO_MANY_RECIPIENTS -> {
                    if (taken.isEmpty()) {
                        refuse(recipient, Verdict.DEFERRED, ruling.reason(), answer);
                    } else if (!session.isAhead()) {
                        return null; // this one and the rest go in the next transaction
                    }
                    // Else the rest were named already, and have answers of their own.
                }
                case RETRY_MESSAGE,
                        REJECT_MESSAGE,
                        SERVER_TROUBLE,
                        CREDENTIAL_TROUBLE,
                        IN_DOUBT,
                        WITHHELD,
                        DESYNC -> {
                    return end(ruling, answer);
                }
            }
        }
        return null;
    }

    private void refuse(EmailAddress recipient, Verdict verdict, Reason reason, Answer answer) {
        refusals.add(new RecipientVerdict(recipient, verdict, reason, answer.detail()));
    }

    private void settleRefusals() {
        for (RecipientVerdict one : refusals) {
            sheet.judge(one.recipient(), one.verdict(), one.reason(), one.detail());
        }
    }

    private Ending nobodyTaken() {
        if (session.isAhead()) {
            Answer toData = session.ask(Stage.DATA, "DATA");
            if (isGoAhead(toData)) {
                // RFC 2920 §3.1 would say a dot now, and make it an empty message to somebody.
                settleRefusals();
                return new Ending.Unclean();
            }
            if (toData instanceof Reply reply && reply.isPositive()) {
                return new Ending.OutOfStep(reply.detail());
            }
        }
        boolean inStep = session.reset();
        if (!inStep && (!first || isGoAhead(session.lastAnswer()))) {
            return new Ending.OutOfStep("RSET was not answered as it must be");
        }
        settleRefusals();
        return inStep ? new Ending.Clean() : new Ending.Unclean();
    }

    private static boolean isGoAhead(Answer answer) {
        return answer instanceof Reply reply && reply.code() == 354;
    }

    private Ending content(String data, Supplier<List<String>> successor) {
        Answer goAhead = session.ask(Stage.DATA, data);
        Ruling ruling = ReplyClassifier.classify(Stage.DATA, goAhead);
        return switch (ruling.meaning()) {
            case ACCEPTED -> message(successor);
            case REJECT_MESSAGE -> rejectedAtData(ruling, goAhead);
            default -> end(ruling, goAhead);
        };
    }

    private Ending rejectedAtData(Ruling ruling, Answer answer) {
        boolean inStep = session.reset();
        if (isGoAhead(session.lastAnswer()) || (!first && !inStep)) {
            return new Ending.OutOfStep(answer.detail());
        }
        settleRefusals();
        sheet.judge(taken, Verdict.REJECTED, ruling.reason(), answer.detail());
        return inStep ? new Ending.Clean() : new Ending.Unclean();
    }

    private Ending message(Supplier<List<String>> successor) {
        Answer answer =
                session.sendMessage(
                        message, leave, successor, timeouts.finalDot(), timeouts.read());
        Ruling ruling = ReplyClassifier.classify(session.stage(), answer);
        if (ruling.meaning() == Ruling.Meaning.ACCEPTED) {
            settleRefusals();
            sheet.judge(taken, Verdict.ACCEPTED, ruling.reason(), answer.detail());
            return new Ending.Clean();
        }
        return end(ruling, answer);
    }

    /// What an answer that is not the one hoped for leaves behind.
    private Ending end(Ruling ruling, Answer answer) {
        if (ruling.meaning() != Ruling.Meaning.DESYNC) {
            settleRefusals();
        }
        return switch (ruling.meaning()) {
            case RETRY_MESSAGE, RETRY_RECIPIENT, TOO_MANY_RECIPIENTS, ACCEPTED -> {
                sheet.judgeRest(Verdict.DEFERRED, ruling.reason(), answer.detail());
                yield answer instanceof Reply reply && reply.code() != 421
                        ? reset()
                        : new Ending.Unclean();
            }
            case REJECT_MESSAGE, REJECT_RECIPIENT -> {
                sheet.judge(taken, Verdict.REJECTED, ruling.reason(), answer.detail());
                yield reset();
            }
            case IN_DOUBT -> {
                sheet.judge(taken, Verdict.IN_DOUBT, ruling.reason(), answer.detail());
                sheet.judgeRest(Verdict.DEFERRED, Reason.CONNECTION_LOST, answer.detail());
                yield new Ending.Unclean();
            }
            case WITHHELD -> new Ending.Withheld(answer.detail());
            case SERVER_TROUBLE -> failed(Kind.SERVER, ruling, answer);
            case CREDENTIAL_TROUBLE -> failed(Kind.CREDENTIALS, ruling, answer);
            case DESYNC -> new Ending.OutOfStep(answer.detail());
        };
    }

    private Ending failed(Kind kind, Ruling ruling, Answer answer) {
        boolean dead =
                switch (answer) {
                    case Reply reply -> reply.code() == 421;
                    // A server may have dropped what came with the end of another message.
                    case Answer.Lost lost -> announced || lost.reason() == Reason.CONNECTION_LOST;
                    case Answer.Garbled ignored -> false;
                };
        return new Ending.Failed(
                kind, ruling, answer.detail(), dead && session.stage() == Stage.MAIL);
    }

    /// Where the next transaction has begun already, its answers show whether we are in step.
    private Ending reset() {
        boolean overtaken = session.stage() == Stage.FINAL_DOT && session.isAhead();
        return overtaken || session.reset() ? new Ending.Clean() : new Ending.Unclean();
    }
}
