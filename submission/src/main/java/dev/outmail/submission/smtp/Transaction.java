package dev.outmail.submission.smtp;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.submission.smtp.Destination.Envelope;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A mail on its way in, from MAIL to the end of DATA. For one thread.
final class Transaction {
    private static final Reply TOO_LARGE =
            Reply.of(552, "5.3.4", "The message is larger than this server takes");

    private final int maxBytes;
    private final int maxRecipients;
    private final Set<EmailAddress> recipients = new LinkedHashSet<>();
    private @Nullable EmailAddress sender;
    private boolean utf8;

    Transaction(int maxBytes, int maxRecipients) {
        this.maxBytes = maxBytes;
        this.maxRecipients = maxRecipients;
    }

    boolean isOpen() {
        return sender != null;
    }

    boolean hasRecipients() {
        return !recipients.isEmpty();
    }

    /// Whether the client speaks UTF-8 in this one (RFC 6531).
    boolean isUtf8() {
        return utf8;
    }

    /// What is published; there is a sender and a recipient.
    Envelope envelope() {
        if (sender == null) {
            throw new IllegalStateException("no sender");
        }
        return new Envelope(sender, List.copyOf(recipients));
    }

    void reset() {
        sender = null;
        recipients.clear();
        utf8 = false;
    }

    /// MAIL.
    Reply from(String written) {
        var argument = Argument.parse(written, "FROM:").orElse(null);
        if (argument == null) {
            return Reply.syntax("Syntax: MAIL FROM:<name@domain>");
        }
        var wrong = wrongParameter(argument);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (argument.path().isEmpty()) {
            return Reply.of(
                    550, "5.7.1", "The null sender is not taken: nobody could be told of failures");
        }
        boolean mayBeUtf8 = argument.parameters().containsKey("SMTPUTF8");
        try {
            var address = address(argument.path(), mayBeUtf8);
            if (address.isEmpty()) {
                return Reply.of(550, "5.6.7", "A sender outside ASCII needs SMTPUTF8");
            }
            sender = address.get();
            utf8 = mayBeUtf8;
            return Reply.of(250, "2.1.0", "Sender ok");
        } catch (InvalidAddress e) {
            return Reply.of(553, "5.1.7", "Sender refused: " + e.getMessage());
        }
    }

    private Optional<Reply> wrongParameter(Argument argument) {
        for (var parameter : argument.parameters().entrySet()) {
            var value = parameter.getValue();
            boolean right =
                    switch (parameter.getKey()) {
                        case "SIZE" -> value.matches("[0-9]{1,20}");
                        case "BODY" -> value.matches("(?i)7BIT|8BITMIME");
                        case "SMTPUTF8" -> value.isEmpty();
                        // On whose behalf a relay sends (RFC 4954 §5); it means nothing here.
                        case "AUTH" -> true;
                        default -> false;
                    };
            if (!right) {
                return Optional.of(unknown(parameter.getKey(), value));
            }
        }
        return isTooLarge(argument.parameters().getOrDefault("SIZE", "0"))
                ? Optional.of(TOO_LARGE)
                : Optional.empty();
    }

    private static Reply unknown(String keyword, String value) {
        return Reply.of(555, "5.5.4", "Parameter not known or wrong: " + keyword + "=" + value);
    }

    private boolean isTooLarge(String size) {
        return new BigInteger(size).compareTo(BigInteger.valueOf(maxBytes)) > 0;
    }

    /// RCPT.
    Reply to(String written) {
        var argument = Argument.parse(written, "TO:").orElse(null);
        if (argument == null) {
            return Reply.syntax("Syntax: RCPT TO:<name@domain>");
        }
        if (!argument.parameters().isEmpty()) {
            var first = argument.parameters().entrySet().iterator().next();
            return unknown(first.getKey(), first.getValue());
        }
        try {
            var address = address(argument.path(), utf8);
            return address.map(this::add)
                    .orElse(Reply.of(550, "5.6.7", "A recipient outside ASCII needs SMTPUTF8"));
        } catch (InvalidAddress e) {
            return Reply.of(550, "5.1.3", "Recipient refused: " + e.getMessage());
        }
    }

    private Reply add(EmailAddress recipient) {
        if (recipients.size() >= maxRecipients && !recipients.contains(recipient)) {
            return Reply.of(
                    452, "4.5.3", "Too many recipients; " + maxRecipients + " is the limit");
        }
        recipients.add(recipient);
        return Reply.of(250, "2.1.5", "Recipient ok");
    }

    /// Empty for one outside ASCII where that was not announced.
    ///
    /// @throws InvalidAddress when it is none
    private static Optional<EmailAddress> address(String path, boolean mayBeUtf8) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(path);
        return ascii || mayBeUtf8 ? Optional.of(EmailAddress.parse(path)) : Optional.empty();
    }
}
