package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;

/// The name shown for a mailbox: a phrase (RFC 5322 §3.2.5), in which characters beyond ASCII need
/// no quotes (RFC 6532) and neither does a dot (obs-phrase, as in `J. Doe`).
final class DisplayName {
    private static final int MAX_CHARACTERS = 200;

    private DisplayName() {}

    /// The name itself, without space around it; empty where that is all there is.
    static Checked<String> check(String name) {
        int unfit = Characters.unfitForName(name);
        if (unfit >= 0) {
            return new Faulty<>(
                    Characters.name(name, unfit) + " can't stand in a name", "remove it");
        }
        if (name.length() > MAX_CHARACTERS) {
            return new Faulty<>(
                    "the name has " + name.length() + " characters, more than " + MAX_CHARACTERS,
                    "shorten it");
        }
        if (name.contains("=?")) {
            return new Faulty<>(
                    "the name holds '=?', which mail programs take for an encoded word",
                    "write the name itself; it is encoded on its way");
        }
        return new Fine<>(name.strip());
    }

    /// Reads a phrase.
    static Checked<String> parse(String phrase) {
        var name = new StringBuilder(phrase.length());
        int i = 0;
        while (i < phrase.length()) {
            if (phrase.charAt(i) == ' ') {
                i++;
                continue;
            }
            if (!name.isEmpty()) {
                name.append(' ');
            }
            int end = phrase.charAt(i) == '"' ? endOfQuoted(phrase, i) : endOfAtom(phrase, i);
            if (end < 0) {
                return new Faulty<>("the quotes around the name aren't closed", "close them");
            }
            if (end == i) {
                return new Faulty<>(
                        Characters.name(phrase, i) + " can't stand in a name without quotes",
                        "write it as \"Name\" <name@domain>, each mailbox as an entry of its own");
            }
            appendWord(phrase, i, end, name);
            i = end;
        }
        return check(name.toString());
    }

    /// The name as [#parse] reads it.
    static String write(String name) {
        boolean atoms = !name.contains("  ");
        for (int i = 0; i < name.length() && atoms; i++) {
            char c = name.charAt(i);
            atoms = c == ' ' || c > 0x7f || Characters.isAtomText(c);
        }
        return atoms ? name : Quoted.text(name);
    }

    private static int endOfQuoted(String phrase, int start) {
        int length = LocalPart.endOfQuoted(phrase.substring(start));
        return length < 0 ? -1 : start + length;
    }

    private static int endOfAtom(String phrase, int start) {
        int end = start;
        while (end < phrase.length() && isNameText(phrase.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNameText(char c) {
        return c > 0x7f || c == '.' || Characters.isAtomText(c);
    }

    private static void appendWord(String phrase, int start, int end, StringBuilder name) {
        if (phrase.charAt(start) != '"') {
            name.append(phrase, start, end);
            return;
        }
        for (int i = start + 1; i < end - 1; i++) {
            if (phrase.charAt(i) == '\\') {
                i++;
            }
            name.append(phrase.charAt(i));
        }
    }
}
