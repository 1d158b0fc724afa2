package dev.outmail.delivery.mime;

/// The quoted-printable encoding of text in lines that end in CRLF (RFC 2045 §6.7).
final class QuotedPrintable {
    /// One less than the 76 allowed: the last place is kept for the `=` of a soft line break.
    private static final int MAX_COLUMN = 75;

    private QuotedPrintable() {}

    /// About how long the encoded form is, soft line breaks counted.
    static long estimatedLength(int count, int encoded) {
        long chars = count + 2L * encoded;
        return chars + chars / MAX_COLUMN * 3;
    }

    static void write(byte[] lines, MessageBytes out) {
        int column = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\r') {
                out.endLine();
                column = 0;
                i++;
                continue;
            }
            boolean literal = literal(lines, i, column);
            if (column + (literal ? 1 : 3) > MAX_COLUMN) {
                out.octet('=');
                out.endLine();
                column = 0;
                literal = literal(lines, i, 0);
            }
            if (literal) {
                out.octet(lines[i]);
                column++;
            } else {
                hex(lines[i], out);
                column += 3;
            }
        }
    }

    static void hex(byte b, MessageBytes out) {
        out.octet('=');
        out.octet(Characters.highDigit(b));
        out.octet(Characters.lowDigit(b));
    }

    private static boolean literal(byte[] lines, int at, int column) {
        byte b = lines[at];
        if (b == ' ' || b == '\t') {
            return lines[at + 1] != '\r'; // the last line is ended: there is a next byte
        }
        return b > ' '
                && b < 0x7f
                && b != '='
                && (column > 0 || !TextBody.fragileAtLineStart(lines, at));
    }
}
