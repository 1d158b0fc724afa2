package dev.outmail.delivery.mime;

/// The forms that a display name can be written in (RFC 5322 §3.2.5, RFC 2047 §5).
enum PhraseForm {
    /// As it is.
    ATOMS,
    /// In quotes.
    QUOTED,
    /// As encoded words.
    ENCODED;

    /// A longer name is encoded, since a quoted string is better not folded.
    private static final int MAX_PLAIN = 60;

    /// The plainest form that brings a name over unchanged.
    static PhraseForm of(String name) {
        int last = name.length() - 1;
        if (name.charAt(0) == ' '
                || name.charAt(last) == ' '
                || name.contains("=?")
                || quotedLength(name) > MAX_PLAIN) {
            return ENCODED;
        }
        var form = ATOMS;
        for (int i = 0; i <= last; i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~') {
                return ENCODED;
            }
            boolean singleSpace = c == ' ' && name.charAt(i - 1) != ' ';
            if (!singleSpace && !HeaderText.isAtomText(c)) {
                form = QUOTED;
            }
        }
        return form;
    }

    static boolean isEscaped(char c) {
        return c == '"' || c == '\\';
    }

    static int quotedLength(String name) {
        int length = name.length() + 2;
        for (int i = 0; i < name.length(); i++) {
            length += isEscaped(name.charAt(i)) ? 1 : 0;
        }
        return length;
    }
}
