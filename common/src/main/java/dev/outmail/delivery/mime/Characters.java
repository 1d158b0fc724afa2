package dev.outmail.delivery.mime;

/// What the encodings need to know of ASCII and UTF-8.
final class Characters {
    private static final String DIGITS = "0123456789ABCDEF";

    private Characters() {}

    static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /// Whether it is an ASCII control character but a tab, which is white space.
    static boolean isControl(int c) {
        return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f;
    }

    static char highDigit(byte b) {
        return DIGITS.charAt((b >> 4) & 15);
    }

    static char lowDigit(byte b) {
        return DIGITS.charAt(b & 15);
    }

    /// Where the character ends that begins at the given place, in well-formed UTF-8 (RFC 3629).
    static int end(byte[] utf8, int at) {
        int first = utf8[at] & 0xff;
        if (first < 0x80) {
            return at + 1;
        }
        return at + (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
    }
}
