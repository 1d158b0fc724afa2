package dev.outmail.mail;

import java.util.Locale;

/// Which characters may stand where. The lists are written out, not taken from
/// [Character#getType(int)]: publisher and worker may run on different releases of Java, and must
/// judge alike.
final class Characters {
    private Characters() {}

    /// C0, DEL and C1.
    static boolean isControl(char c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f);
    }

    /// A character that some program takes for the end of a line.
    static boolean isLineSeparator(char c) {
        return c == 0x2028 || c == 0x2029;
    }

    /// A character that reorders the text around it, by which a name can be made to look like
    /// another.
    static boolean isBidiControl(char c) {
        return c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /// A character that shows as nothing or as a space, and is neither ASCII nor part of a
    /// surrogate pair.
    static boolean isInvisible(char c) {
        return c == 0xa0
                || c == 0xad
                || c == 0x034f
                || c == 0x1680
                || (c >= 0x180b && c <= 0x180f)
                || (c >= 0x2000 && c <= 0x200f)
                || (c >= 0x2028 && c <= 0x202f)
                || (c >= 0x205f && c <= 0x206f)
                || c == 0x061c
                || c == 0x3000
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xfeff
                || (c >= 0xfff0 && c <= 0xfffb);
    }

    /// RFC 5322 §3.2.3, without the characters beyond ASCII that RFC 6532 adds.
    static boolean isAtomText(char c) {
        return isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    /// Half of a surrogate pair without the other half: no Unicode, so no UTF-8 either.
    static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c)
                && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    /// The place of the first character that can't stand in one line of text, or -1.
    static int unfitForLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintableAscii(text.charAt(i)) && breaksLine(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /// The place of the first character that can't stand in a name that people are to trust, or -1.
    static int unfitForName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPrintableAscii(c) && (breaksLine(text, i) || isBidiControl(c))) {
                return i;
            }
        }
        return -1;
    }

    /// The place of the first character that can't stand in a body, or -1.
    static int unfitForBody(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPrintableAscii(c) && !(c < 0x20 ? isForBody(c) : !isLoneSurrogate(text, i))) {
                return i;
            }
        }
        return -1;
    }

    /// What nearly all text consists of, and stands everywhere: told first, as bodies are long.
    private static boolean isPrintableAscii(char c) {
        return c >= 0x20 && c < 0x7f;
    }

    private static boolean isForBody(char control) {
        return control == '\t' || control == '\n' || control == '\r' || control == '\f';
    }

    private static boolean breaksLine(String text, int index) {
        char c = text.charAt(index);
        return isControl(c) || isLineSeparator(c) || isLoneSurrogate(text, index);
    }

    /// A character for an error message, such as `U+000D (a line break) at position 7`.
    static String name(String text, int index) {
        char c = text.charAt(index);
        String kind;
        if (c == '\r' || c == '\n' || c == 0x85 || isLineSeparator(c)) {
            kind = " (a line break)";
        } else if (c == '\t') {
            kind = " (a tab)";
        } else if (isControl(c)) {
            kind = " (a control character)";
        } else if (isBidiControl(c)) {
            kind = " (it reorders text)";
        } else if (Character.isSurrogate(c)) {
            kind = " (half of a surrogate pair)";
        } else if (isInvisible(c)) {
            kind = " (an invisible character)";
        } else {
            kind = c > 0x20 && c < 0x7f ? " '" + c + "'" : "";
        }
        return String.format(Locale.ROOT, "U+%04X%s at position %d", (int) c, kind, index + 1);
    }

    /// The text with everything that could disturb a log line or a terminal made visible, as Java
    /// writes it in a string.
    static String printable(String text) {
        if (unfitForName(text) < 0) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (breaksLine(text, i) || isBidiControl(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /// At most so many characters, no surrogate pair cut in two.
    static String atMost(int max, String text) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }

    /// The octets a text takes in UTF-8.
    static int utf8Length(String text) {
        int octets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // each half of a surrogate pair makes two of the four octets
            octets += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return octets;
    }
}
