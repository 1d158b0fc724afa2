package dev.outmail.submission.sendmail;

import dev.outmail.config.SpoolOptions;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.producer.Submission;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Makes of a call and its message the mail for the spool. All that can be wrong with it is found
/// here, while the caller listens.
final class Composition {
    private static final List<String> RECIPIENT_FIELDS = List.of("To", "Cc", "Bcc");

    private final SpoolOptions options;
    private final Request.Submit call;

    Composition(SpoolOptions options, Request.Submit call) {
        this.options = options;
        this.call = call;
    }

    SpooledMail mail(byte[] written, Instant now) throws NotTaken {
        try {
            var message = FinishedMessage.of(written);
            var recipients = recipients(message);
            if (recipients.isEmpty()) {
                throw new NotTaken(ExitCode.NO_RECIPIENT, "there is no recipient");
            }
            var sender = call.sender() == null ? null : completed(call.sender());
            return mail(withFrom(message, sender), sender, recipients, now);
        } catch (InvalidMailEvent e) {
            throw new NotTaken(ExitCode.DATA, "" + e.getMessage());
        }
    }

    /// With the id that its event has from now on, and a proof that there is an event.
    private SpooledMail mail(
            FinishedMessage message,
            @Nullable String sender,
            SequencedSet<String> recipients,
            Instant now) {
        var source = options.source();
        var profile = options.profile();
        var all = List.copyOf(recipients);
        var event = new Submission(source, profile).event(message.bytes(), sender, all);
        return new SpooledMail(event.id().id(), now, source, profile, sender, all, message);
    }

    private SequencedSet<String> recipients(FinishedMessage message) throws NotTaken {
        var all = new LinkedHashSet<String>();
        for (var recipient : call.recipients()) {
            // one word may hold several, parted by commas
            add(recipient, all);
        }
        if (call.recipientsInHeader()) {
            for (var name : RECIPIENT_FIELDS) {
                for (var value : message.fields(name)) {
                    add(value, all);
                }
            }
        }
        return all;
    }

    private void add(String written, SequencedSet<String> all) throws NotTaken {
        try {
            for (var address : InternetAddress.parseHeader(written, false)) {
                var group = address.isGroup() ? address.getGroup(false) : null;
                for (var one : group == null ? new InternetAddress[] {address} : group) {
                    all.add(completed(one.getAddress()));
                }
            }
        } catch (AddressException e) {
            throw new NotTaken(
                    ExitCode.NO_RECIPIENT,
                    "no list of addresses: " + written + ": " + e.getMessage());
        }
    }

    /// Names without a domain, as cron uses them.
    private String completed(String address) {
        return options.domain().isEmpty() || address.isEmpty() || address.indexOf('@') >= 0
                ? address
                : address + "@" + options.domain();
    }

    /// A message without a From gets one where the call names a sender; else the profile's.
    private FinishedMessage withFrom(FinishedMessage message, @Nullable String sender) {
        return sender == null || message.field("From").isPresent()
                ? message
                : message.with("From", from(sender));
    }

    private String from(String sender) {
        try {
            return new InternetAddress(sender, call.fullName(), "UTF-8").toString();
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java platform has UTF-8", e);
        }
    }
}
