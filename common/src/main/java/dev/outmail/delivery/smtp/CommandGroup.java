package dev.outmail.delivery.smtp;

import dev.outmail.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The commands of a transaction up to DATA, which a server that offers PIPELINING may be told in
/// one go (RFC 2920).
record CommandGroup(List<String> commands) {
    static final String DATA = "DATA";

    /// What fits into the send buffer of any socket, so that we never wait to be read while the
    /// server waits for us to read (RFC 2920 §3.1). All but the longest fifty addresses do.
    static final int MOST_BYTES = 16 * 1_024;

    CommandGroup {
        commands = List.copyOf(commands);
    }

    static CommandGroup of(String mail, List<EmailAddress> recipients) {
        List<String> commands = new ArrayList<>(recipients.size() + 2);
        commands.add(mail);
        recipients.forEach(recipient -> commands.add(rcpt(recipient)));
        commands.add(DATA);
        return new CommandGroup(commands);
    }

    static String rcpt(EmailAddress recipient) {
        return "RCPT TO:<" + recipient + ">";
    }

    boolean fitsInOneGo() {
        int bytes = 0;
        for (String command : commands) {
            bytes += command.getBytes(StandardCharsets.UTF_8).length + 2;
        }
        return bytes <= MOST_BYTES;
    }
}
