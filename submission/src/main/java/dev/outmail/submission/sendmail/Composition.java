package dev.outmail.submission.sendmail;

import dev.outmail.config.SpoolOptions;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.InvalidMailEvent;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Makes of a call and its message the mail for the spool. What can be wrong with it is found here,
/// while the caller listens.
final class Composition {
    /// Room for what else an event has, such as its id, source and profile.
    private static final int FRAME = 2_048;

    /// What stands around an address in JSON.
    private static final int QUOTED = 3;

    private static final List<String> RECIPIENT_FIELDS = List.of("To", "Cc", "Bcc");

    private final SpoolOptions options;
    private final Request.Submit call;

    Composition(SpoolOptions options, Request.Submit call) {
        this.options = options;
        this.call = call;
    }

    /// @param id of the event, where the message has none
    SpooledMail mail(byte[] written, String id, Instant now) throws NotTaken {
        try {
            var message = FinishedMessage.of(written);
            var recipients = List.copyOf(recipients(message));
            checkSize(message, recipients);
            var sender = sender();
            var mail =
                    new SpooledMail(
                            id,
                            now,
                            options.source(),
                            options.profile(),
                            sender,
                            recipients,
                            withFrom(message, sender));
            if (mail.saysMore()) {
                var _ = mail.event();
            }
            return mail;
        } catch (InvalidMailEvent e) {
            throw new NotTaken(ExitCode.DATA, "" + e.getMessage());
        }
    }

    /// Its event is larger than what was read: by what JSON escapes, and by what stands beside it.
    private void checkSize(FinishedMessage message, List<String> recipients) throws NotTaken {
        long size = EncodedSize.of(message.bytes()) + FRAME;
        for (var recipient : recipients) {
            size += recipient.length() + QUOTED;
        }
        if (size > options.limits().maxBytes()) {
            throw MessageInput.tooLarge(size, options.limits().maxBytes());
        }
    }

    private @Nullable String sender() throws NotTaken {
        if (call.sender() == null) {
            return null;
        }
        var addresses = new LinkedHashSet<String>();
        if (!call.sender().equals("<>")) {
            add(call.sender(), addresses, ExitCode.DATA);
        }
        if (addresses.size() != 1) {
            throw new NotTaken(
                    ExitCode.DATA,
                    "-f " + call.sender() + ": a mail has one sender, who can be told of failures");
        }
        return addresses.getFirst();
    }

    private SequencedSet<String> recipients(FinishedMessage message) throws NotTaken {
        var all = new LinkedHashSet<String>();
        for (var recipient : call.recipients()) {
            add(recipient, all, ExitCode.NO_RECIPIENT);
        }
        if (call.recipientsInHeader()) {
            for (var name : RECIPIENT_FIELDS) {
                for (var value : message.fields(name)) {
                    add(value, all, ExitCode.NO_RECIPIENT);
                }
            }
        }
        int most = options.limits().maxRecipients();
        if (all.isEmpty() || all.size() > most) {
            throw new NotTaken(
                    ExitCode.NO_RECIPIENT,
                    all.isEmpty()
                            ? "there is no recipient"
                            : all.size()
                                    + " recipients, more than "
                                    + most
                                    + " (event.max-recipients)");
        }
        return all;
    }

    private void add(String written, SequencedSet<String> all, ExitCode otherwise) throws NotTaken {
        try {
            for (var address : AddressList.parse(written)) {
                all.add(EmailAddress.parse(completed(address)).toString());
            }
        } catch (IllegalArgumentException e) {
            throw new NotTaken(otherwise, "" + e.getMessage());
        }
    }

    /// Names without a domain, as cron uses them.
    private String completed(String address) {
        return options.domain().isEmpty() || address.indexOf('@') >= 0
                ? address
                : address + "@" + options.domain();
    }

    /// A message without a From gets one where the call names a sender; else the profile's.
    private FinishedMessage withFrom(FinishedMessage message, @Nullable String sender) {
        if (sender == null || message.field("From").isPresent()) {
            return message;
        }
        try {
            var name = new InternetAddress(sender, call.fullName(), "UTF-8");
            return message.with("From", name.toString());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java platform has UTF-8", e);
        }
    }
}
