package dev.outmail.delivery;

/// Other people's text, made safe to show in a log, a terminal or a page: what would move a cursor,
/// break a line, turn the writing direction or hide becomes a visible escape.
public final class Printable {
    /// The longest text that is kept, in UTF-16 units, with the ellipsis that says it was longer.
    public static final int MAX_LENGTH = 2_048;

    private static final char ELLIPSIS = '…';
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Printable() {}

    /// The text, safe and at most [#MAX_LENGTH] long.
    public static String of(String text) {
        return isPlain(text) ? text : escape(text);
    }

    /// What nearly every text is: short, and of nothing but printable ASCII.
    private static boolean isPlain(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            int before = safe.length();
            append(safe, codePoint);
            if (safe.length() > MAX_LENGTH || (safe.length() == MAX_LENGTH && i < text.length())) {
                safe.setLength(before);
                return safe.append(ELLIPSIS).toString();
            }
        }
        return safe.toString();
    }

    private static void append(StringBuilder safe, int codePoint) {
        switch (codePoint) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
                if (isDangerous(codePoint)) {
                    safe.append(String.format("\\u%04x", codePoint));
                } else {
                    safe.appendCodePoint(codePoint);
                }
            }
        }
    }

    /// Zero-width joiners stay: names and emoji need them.
    private static boolean isDangerous(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            case Character.FORMAT ->
                    codePoint != ZERO_WIDTH_JOINER && codePoint != ZERO_WIDTH_NON_JOINER;
            default -> false;
        };
    }
}
