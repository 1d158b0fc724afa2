package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.mail.EmailAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Hands messages to the host's own mailer: the sendmail command of Postfix, Exim, msmtp and
/// others.
///
/// No shell, nothing of ours in its environment, and no address where an option could stand: a
/// mailer that reads options from addresses can be made to write files (CVE-2016-10033).
public final class SendmailTransport implements Transport {
    /// Well below what any system takes as arguments, and what others send in one transaction.
    static final int MAX_RECIPIENTS_PER_CALL = 50;

    private final Path mailer;
    private final Duration deadline;
    private final ThreadFactory threads;
    private volatile boolean closed;

    /// Makes the transport.
    ///
    /// @param mailer an absolute path; of deployment configuration, never of settings
    /// @param deadline how long one call may take
    /// @param threads each call takes one, to write the message while it watches
    public SendmailTransport(Path mailer, Duration deadline, ThreadFactory threads) {
        if (!mailer.isAbsolute()) {
            throw new IllegalArgumentException("the mailer's path must be absolute, not " + mailer);
        }
        this.mailer = mailer;
        this.deadline = deadline;
        this.threads = threads;
    }

    @Override
    public TransportResult deliver(Outbound message) throws InterruptedException {
        if (closed) {
            return trouble(Kind.SERVER, Reason.UNAVAILABLE, "this transport was closed");
        }
        if (!Files.isExecutable(mailer) || Files.isDirectory(mailer)) {
            String detail = mailer + " is missing or can't be run here; set native.sendmail";
            return trouble(Kind.CREDENTIALS, Reason.MAILER_MISSING, detail);
        }
        VerdictSheet sheet = new VerdictSheet(message.envelope());
        refuse(message, sheet);
        while (!sheet.isComplete()) {
            List<EmailAddress> pending = sheet.pending();
            List<EmailAddress> some =
                    pending.subList(0, Math.min(pending.size(), MAX_RECIPIENTS_PER_CALL));
            Trouble trouble = call(message, some, sheet);
            if (trouble != null) {
                return sheet.result(trouble);
            }
        }
        return sheet.result(server());
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Who can't be handed to a command at all.
    private static void refuse(Outbound message, VerdictSheet sheet) {
        Envelope envelope = message.envelope();
        if (looksLikeOption(envelope.sender())) {
            sheet.judgeRest(
                    Verdict.REJECTED,
                    Reason.SENDER_REFUSED,
                    "a sender that starts with '-' is not handed to a command");
        }
        SmtpUtf8.rejectAffected(
                message, sheet, "the native mailer takes no address that needs SMTPUTF8");
        for (EmailAddress recipient : sheet.pending()) {
            if (looksLikeOption(recipient)) {
                sheet.judge(
                        recipient,
                        Verdict.REJECTED,
                        Reason.REFUSED,
                        "an address that starts with '-' is not handed to a command");
            }
        }
    }

    /// One call of the mailer; returns what keeps it from being called again.
    private @Nullable Trouble call(Outbound message, List<EmailAddress> some, VerdictSheet sheet)
            throws InterruptedException {
        try (MailerProcess process =
                MailerProcess.start(command(message.envelope().sender(), some))) {
            process.feed(message.message(), threads);
            return watch(process, some, sheet);
        } catch (IOException e) {
            return trouble(
                    Kind.SERVER,
                    Reason.MAILER_FAILED,
                    mailer + " did not start: " + e.getMessage());
        }
    }

    private @Nullable Trouble watch(
            MailerProcess process, List<EmailAddress> some, VerdictSheet sheet)
            throws InterruptedException {
        try {
            if (process.ends(deadline)) {
                return judge(process, some, sheet);
            }
            String detail = mailer + " did not end within " + deadline + " and was stopped";
            sheet.judge(some, Verdict.IN_DOUBT, Reason.ANSWER_LOST, detail);
            sheet.judgeRest(Verdict.DEFERRED, Reason.MAILER_FAILED, detail);
        } catch (InterruptedException e) {
            if (!process.tookAll() && !sheet.isPartlySettled()) {
                throw e;
            }
            Thread.currentThread().interrupt();
            String detail = mailer + " was stopped: the attempt was interrupted";
            if (process.tookAll()) {
                sheet.judge(some, Verdict.IN_DOUBT, Reason.ANSWER_LOST, detail);
            }
            sheet.judgeRest(Verdict.DEFERRED, Reason.MAILER_FAILED, detail);
        }
        return null;
    }

    private @Nullable Trouble judge(
            MailerProcess process, List<EmailAddress> some, VerdictSheet sheet) {
        String said = process.said();
        String detail = "exit status " + process.exitStatus() + (said.isEmpty() ? "" : ": " + said);
        return switch (MailerExit.of(process.exitStatus())) {
            case MailerExit.Judged judged -> {
                sheet.judge(some, judged.verdict(), judged.reason(), detail);
                yield null;
            }
            case MailerExit.Trouble trouble -> trouble(trouble.kind(), trouble.reason(), detail);
        };
    }

    /// `-oi`, or else a line with a single dot would end the message; `--`, so that no recipient is
    /// read as an option.
    private List<String> command(EmailAddress sender, List<EmailAddress> recipients) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(mailer.toString(), "-oi", "-f", sender.toString(), "--"));
        recipients.forEach(recipient -> command.add(recipient.toString()));
        return command;
    }

    private static boolean looksLikeOption(EmailAddress address) {
        return address.toString().startsWith("-");
    }

    private Trouble trouble(Kind kind, Reason reason, String detail) {
        return new Trouble(server(), kind, reason, Printable.of(detail));
    }

    private String server() {
        return mailer.toString();
    }
}
