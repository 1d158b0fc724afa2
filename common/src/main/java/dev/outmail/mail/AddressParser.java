package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;

/// Reads mailboxes by RFC 5321 §4.1.2 and RFC 5322 §3.4, less what no one needs and attackers like:
/// comments, groups, routes, folding white space, address literals, obsolete forms.
final class AddressParser {
    private static final int MAX_OCTETS = 254;
    private static final int MAX_WRITTEN = 1_000;

    private AddressParser() {}

    /// `ada@example.org`, `<ada@example.org>` or `Ada Lovelace <ada@example.org>`.
    static Checked<Mailbox> mailbox(String written) {
        String text = trim(written);
        if (refuseAtOnce(text) instanceof Faulty<String> faulty) {
            return faulty.as();
        }
        int open = openingBracket(text);
        if (open < 0) {
            return bareAddress(text).then(address -> new Fine<>(Mailbox.of(address)));
        }
        if (text.charAt(text.length() - 1) != '>') {
            return new Faulty<>("'<' without a '>' at the end", "write it as Name <name@domain>");
        }
        return DisplayName.parse(text.substring(0, open))
                .then(name ->
                        bareAddress(text.substring(open + 1, text.length() - 1))
                                .then(address -> new Fine<>(new Mailbox(name, address))));
    }

    /// `ada@example.org`.
    static Checked<EmailAddress> address(String written) {
        String text = trim(written);
        return refuseAtOnce(text).then(AddressParser::bareAddress);
    }

    /// The parts of an address, each as it goes on the wire.
    static Checked<Parts> parts(String localPart, String domain) {
        return LocalPart.check(localPart)
                .then(local -> DomainName.check(domain).then(ascii -> together(local, ascii)));
    }

    record Parts(String localPart, String domain) {}

    private static Checked<Parts> together(String localPart, String domain) {
        int octets = Characters.utf8Length(localPart) + 1 + domain.length();
        return octets > MAX_OCTETS
                ? new Faulty<>(
                        "the address has " + octets + " octets, more than " + MAX_OCTETS,
                        "check the address")
                : new Fine<>(new Parts(localPart, domain));
    }

    private static Checked<EmailAddress> bareAddress(String text) {
        int at = text.startsWith("\"") ? LocalPart.endOfQuoted(text) : text.indexOf('@');
        if (at < 0 || at >= text.length()) {
            return new Faulty<>("there is no '@'", "write it as name@domain");
        }
        if (text.charAt(at) != '@') {
            return new Faulty<>(
                    "the quotes don't enclose the whole part before the '@'",
                    "quote all of it, or nothing; write it as name@domain or Name <name@domain>");
        }
        return parts(text.substring(0, at), text.substring(at + 1))
                .then(parts -> new Fine<>(new EmailAddress(parts.localPart(), parts.domain())));
    }

    private static Checked<String> refuseAtOnce(String text) {
        if (text.isEmpty()) {
            return new Faulty<>("it is empty", "write it as name@domain, or leave the entry out");
        }
        if (text.length() > MAX_WRITTEN) {
            return new Faulty<>(
                    "it has " + text.length() + " characters, more than " + MAX_WRITTEN,
                    "give each mailbox as an entry of its own");
        }
        int unfit = Characters.unfitForName(text);
        return unfit < 0
                ? new Fine<>(text)
                : new Faulty<>(Characters.name(text, unfit) + " is never allowed", "remove it");
    }

    /// The place of the first `<` outside quotes, or -1.
    private static int openingBracket(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == '<' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String trim(String written) {
        int start = 0;
        int end = written.length();
        while (start < end && written.charAt(start) == ' ') {
            start++;
        }
        while (end > start && written.charAt(end - 1) == ' ') {
            end--;
        }
        return written.substring(start, end);
    }
}
