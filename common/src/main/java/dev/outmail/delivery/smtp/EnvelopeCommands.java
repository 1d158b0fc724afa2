package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Outbound;
import dev.outmail.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;

/// What a message's transactions begin with: MAIL, a RCPT for each recipient, DATA. Used by one
/// thread at a time.
final class EnvelopeCommands {
    private static final String DATA = "DATA";

    private final Outbound message;
    private final boolean eightBit;

    EnvelopeCommands(Outbound message) {
        this.message = message;
        this.eightBit = isEightBit(message.message());
    }

    private static boolean isEightBit(byte[] message) {
        for (byte one : message) {
            if (one < 0) {
                return true;
            }
        }
        return false;
    }

    /// The commands of one transaction, in their order.
    List<String> to(List<EmailAddress> recipients, Offers offers) {
        List<String> commands = new ArrayList<>(recipients.size() + 2);
        commands.add(mail(offers));
        for (EmailAddress recipient : recipients) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        commands.add(DATA);
        return commands;
    }

    private String mail(Offers offers) {
        StringBuilder command = new StringBuilder("MAIL FROM:<");
        command.append(message.envelope().sender()).append('>');
        if (offers.size()) {
            command.append(" SIZE=").append(message.message().length);
        }
        if (offers.eightBitMime() && eightBit) {
            command.append(" BODY=8BITMIME");
        }
        if (message.requiresSmtpUtf8() && offers.smtpUtf8()) {
            command.append(" SMTPUTF8");
        }
        return command.toString();
    }
}
