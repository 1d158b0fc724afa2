package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;

/// What stands before the `@` (RFC 5321 §4.1.2, with RFC 6531 §3.3 for what is not ASCII).
final class LocalPart {
    private static final int MAX_OCTETS = 64;

    private LocalPart() {}

    /// The local part as it goes on the wire: quoted only where it must be, escaped only where it
    /// must be.
    static Checked<String> check(String written) {
        if (written.isEmpty()) {
            return new Faulty<>("nothing stands before the '@'", "write it as name@domain");
        }
        if (Characters.utf8Length(written) > MAX_OCTETS) {
            return new Faulty<>(
                    "the part before the '@' is longer than 64 octets (RFC 5321 §4.5.3.1.1)",
                    "check the address");
        }
        return written.charAt(0) == '"' ? checkQuoted(written) : checkDotAtom(written);
    }

    /// Where the quoted string that begins a text ends: the place after its closing quote, or -1.
    static int endOfQuoted(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    private static Checked<String> checkDotAtom(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (i == 0 || i + 1 == text.length() || text.charAt(i + 1) == '.') {
                    return new Faulty<>(
                            "a dot at the start, at the end or after another dot",
                            "remove the dot, or quote the part before the '@'");
                }
            } else if (!isText(text, i) || (c <= 0x7f && !Characters.isAtomText(c))) {
                return new Faulty<>(
                        Characters.name(text, i) + " can't stand before the '@'", remedy(c));
            }
        }
        return new Fine<>(text);
    }

    private static String remedy(char c) {
        return switch (c) {
            case '(', ')' -> "leave comments out";
            case ':', ';' -> "name each mailbox of a group by itself";
            case ',' -> "give each mailbox as an entry of its own";
            case '<', '>' -> "write it as name@domain or as Name <name@domain>";
            default -> "check the address; special ASCII characters need quotes: \"a b\"@domain";
        };
    }

    private static Checked<String> checkQuoted(String written) {
        if (endOfQuoted(written) != written.length()) {
            return new Faulty<>(
                    "the quotes don't enclose the whole part before the '@'",
                    "quote all of it, or nothing");
        }
        var content = new StringBuilder(written.length());
        for (int i = 1; i < written.length() - 1; i++) {
            boolean escaped = written.charAt(i) == '\\';
            if (escaped) {
                i++;
            }
            char c = written.charAt(i);
            if (!isText(written, i) || (escaped && c > 0x7e)) {
                return new Faulty<>(
                        Characters.name(written, i) + " can't stand there, even quoted",
                        "check the address");
            }
            content.append(c);
        }
        return new Fine<>(quotedWhereNeeded(content.toString()));
    }

    private static String quotedWhereNeeded(String content) {
        if (!content.isEmpty() && checkDotAtom(content) instanceof Fine<String>) {
            return content;
        }
        return Quoted.text(content);
    }

    private static boolean isText(String text, int index) {
        char c = text.charAt(index);
        return !Characters.isControl(c)
                && !Characters.isInvisible(c)
                && !Characters.isLoneSurrogate(text, index);
    }
}
