package dev.outmail.delivery.smtp;

import org.jspecify.annotations.Nullable;

/// An enhanced status code, such as 5.1.1 (RFC 3463).
///
/// @param category 2 success, 4 persistent transient failure, 5 permanent failure
record EnhancedCode(int category, int subject, int detail) {
    private static final int MOST_DIGITS = 3;

    /// The code that a reply's text starts with; null for none.
    static @Nullable EnhancedCode startOf(String text) {
        if (text.length() < 5 || "245".indexOf(text.charAt(0)) < 0 || text.charAt(1) != '.') {
            return null;
        }
        int dot = afterDigits(text, 2);
        if (dot == 2 || dot >= text.length() || text.charAt(dot) != '.') {
            return null;
        }
        int end = afterDigits(text, dot + 1);
        boolean ends = end == text.length() || Character.isWhitespace(text.charAt(end));
        if (end == dot + 1 || !ends) {
            return null;
        }
        return new EnhancedCode(
                text.charAt(0) - '0',
                Integer.parseInt(text, 2, dot, 10),
                Integer.parseInt(text, dot + 1, end, 10));
    }

    private static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length()
                && i < from + MOST_DIGITS
                && text.charAt(i) >= '0'
                && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    @Override
    public String toString() {
        return category + "." + subject + "." + detail;
    }
}
