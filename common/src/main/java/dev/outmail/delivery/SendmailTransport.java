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
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Hands messages to the host's own mailer: the sendmail command of Postfix, Exim, msmtp and
/// others.
///
/// No shell, nothing of ours in its environment, and no address where an option could stand: a
/// mailer that reads options from addresses can be made to write files (CVE-2016-10033).
///
/// What can't be taken back is the start of the mailer: it has the whole message then, and would
/// send it even if we died. So leave is asked for before that, and an attempt whose mailer ran
/// without telling its exit status is in doubt, however little it may have read.
public final class SendmailTransport implements Transport {
    /// What the mailer finds in its environment, and nobody else does.
    public static final String MARK = "OUTMAIL_NATIVE_MAILER";

    /// Well below what any system takes as arguments, and what others send in one transaction.
    static final int MAX_RECIPIENTS_PER_CALL = 50;

    /// Missing (of the mailer, or of the interpreter of its script), not permitted: in the words of
    /// the JDK's versions.
    private static final Pattern CANT_BE_RUN_HERE = Pattern.compile("error[=:] ?(2|13)\\b");

    private final Path mailer;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private volatile boolean closed;

    /// Makes the transport.
    ///
    /// @param mailer an absolute path; of deployment configuration, never of settings
    /// @param deadline how long one call may take
    /// @param nanoTime a monotonic clock
    public SendmailTransport(Path mailer, Duration deadline, LongSupplier nanoTime) {
        if (!mailer.isAbsolute()) {
            throw new IllegalArgumentException("the mailer's path must be absolute, not " + mailer);
        }
        this.mailer = mailer;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
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
            TransportResult stopped = call(message, some, sheet);
            if (stopped != null) {
                return stopped;
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

    /// One call of the mailer; returns what the attempt ends with where it is not called again.
    private @Nullable TransportResult call(
            Outbound message, List<EmailAddress> some, VerdictSheet sheet)
            throws InterruptedException {
        message.clearance().begin(sheet.settled());
        try (MailerInput input = MailerInput.of(message.message())) {
            if (!cleared(message.clearance(), sheet)) {
                String detail = "there was no leave to hand the message to " + mailer;
                return sheet.result(new TransportResult.Withheld(server(), detail));
            }
            Trouble trouble = run(command(message.envelope().sender(), some), input, some, sheet);
            return trouble == null ? null : sheet.result(trouble);
        } catch (IOException e) {
            String detail =
                    "the message can't be written to a temporary file for the mailer"
                            + " (java.io.tmpdir): "
                            + e.getMessage();
            return sheet.result(trouble(Kind.SERVER, Reason.MAILER_FAILED, detail));
        }
    }

    /// An interrupt counts as no leave: nothing of this call has left.
    private static boolean cleared(Clearance clearance, VerdictSheet sheet)
            throws InterruptedException {
        try {
            boolean granted = clearance.granted();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return granted;
        } catch (InterruptedException e) {
            if (!sheet.isPartlySettled()) {
                throw e;
            }
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Runs the mailer; returns what keeps it from being called again.
    private @Nullable Trouble run(
            List<String> command, MailerInput input, List<EmailAddress> some, VerdictSheet sheet) {
        try (MailerProcess process = MailerProcess.start(command, input)) {
            if (process.ends(deadline, nanoTime)) {
                return judge(process, some, sheet);
            }
            stopped(some, sheet, mailer + " did not end within " + deadline + " and was stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped(some, sheet, mailer + " was stopped: the attempt was interrupted");
        } catch (IOException e) {
            return didNotStart(e);
        }
        return null;
    }

    private static void stopped(List<EmailAddress> some, VerdictSheet sheet, String detail) {
        sheet.judge(some, Verdict.IN_DOUBT, Reason.ANSWER_LOST, detail);
        sheet.judgeRest(Verdict.DEFERRED, Reason.MAILER_FAILED, detail);
    }

    private Trouble didNotStart(IOException e) {
        String detail = mailer + " did not start: " + e.getMessage();
        return CANT_BE_RUN_HERE.matcher(detail).find()
                ? trouble(Kind.CREDENTIALS, Reason.MAILER_MISSING, detail)
                : trouble(Kind.SERVER, Reason.MAILER_FAILED, detail);
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

    /// `-i`, or else a line with a single dot would end the message (dma heeds no `-oi`); `--`, so
    /// that no recipient is read as an option.
    private List<String> command(EmailAddress sender, List<EmailAddress> recipients) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(mailer.toString(), "-i", "-f", sender.toString(), "--"));
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
