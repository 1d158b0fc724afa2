package dev.outmail.submission.sendmail;

import dev.outmail.config.SpoolOptions;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.wire.EncodedSize;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes of a call and its message the mail for the spool. What can be wrong with it is found here,
/// while the caller listens.
final class Composition {
    /// Room for what else an event has, such as its id, source and profile.
    private static final int FRAME = 2_048;

    /// What stands around an address in JSON.
    private static final int QUOTED = 3;

    private static final List<String> RECIPIENT_FIELDS = List.of("To", "Cc", "Bcc");
    private static final List<String> RESENT_FIELDS =
            List.of("Resent-To", "Resent-Cc", "Resent-Bcc");
    private static final Set<String> COMPLETED_FIELDS =
            Set.of("from", "sender", "reply-to", "to", "cc");

    private final SpoolOptions options;
    private final Request.Submit call;

    Composition(SpoolOptions options, Request.Submit call) {
        this.options = options;
        this.call = call;
    }

    /// @param id of the event, where the message has none
    SpooledMail mail(byte[] written, String id, Instant now) throws NotTaken {
        try {
            var message = completed(FinishedMessage.of(LooseMessage.mended(written, now)));
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
                            withFrom(message, sender, now));
            if (mail.saysMore() || mail.hasLargeHeader()) {
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
            var again = named(RESENT_FIELDS, message);
            all.addAll(again.isEmpty() ? named(RECIPIENT_FIELDS, message) : again);
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

    private SequencedSet<String> named(List<String> fields, FinishedMessage message)
            throws NotTaken {
        var all = new LinkedHashSet<String>();
        for (var name : fields) {
            for (var value : message.fields(name)) {
                add(value, all, ExitCode.NO_RECIPIENT);
            }
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

    /// The same in the header, where receivers want addresses, too.
    private FinishedMessage completed(FinishedMessage message) {
        return options.domain().isEmpty()
                ? message
                : message.withValues(
                        name -> COMPLETED_FIELDS.contains(name.toLowerCase(Locale.ROOT)),
                        this::completedList);
    }

    private String completedList(String written) {
        try {
            return AddressList.with(written, this::missingDomain);
        } catch (IllegalArgumentException e) {
            return written; // for people to read
        }
    }

    /// What is to stand behind it; nothing where that makes no address of it.
    private String missingDomain(String address) {
        try {
            return address.indexOf('@') < 0
                    ? "@" + EmailAddress.parse(completed(address)).domain()
                    : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isAddress(String written) {
        try {
            var _ = EmailAddress.parse(written);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// A message whose From names nobody gets one where the call names a sender; else the
    /// profile's.
    private FinishedMessage withFrom(
            FinishedMessage message, @Nullable String sender, Instant now) {
        var from = message.field("From");
        if (from.isPresent() ? namesSomebody(from.get()) : sender == null) {
            return message;
        }
        byte[] added = new byte[0];
        if (sender != null) {
            added = from(sender);
        } else if (message.field("Date").isEmpty()) {
            added = SpooledMail.dateField(now); // so that there is a header
        }
        return FinishedMessage.of(message.bytes("From"::equalsIgnoreCase, added));
    }

    private static boolean namesSomebody(String from) {
        try {
            for (var address : AddressList.parse(from)) {
                if (isAddress(address)) {
                    return true;
                }
            }
        } catch (IllegalArgumentException e) {
            // nobody can tell who
        }
        return false;
    }

    private byte[] from(String sender) {
        try {
            var mailbox = new InternetAddress(sender, oneLine(call.fullName()), "UTF-8");
            return ("From: " + mailbox + "\r\n").getBytes(StandardCharsets.UTF_8);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java platform has UTF-8", e);
        }
    }

    /// Of a name, nothing else of the header.
    private static @Nullable String oneLine(@Nullable String name) {
        return name == null ? null : name.replaceAll("\\p{Cntrl}", " ");
    }
}
