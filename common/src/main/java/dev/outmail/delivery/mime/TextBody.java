package dev.outmail.delivery.mime;

import java.nio.charset.StandardCharsets;

/// A text part's body: UTF-8 in lines that end in CRLF, the last one too, and the transfer encoding
/// that suits it.
final class TextBody {
    /// RFC 5322 allows 998, but sendmail cuts at 990. Not less, although RFC 5322 would like 78:
    /// HTML seldom keeps to that, readers flow lines anyway, and 7bit is the one form that is
    /// readable as it is.
    private static final int MAX_LINE = 990;

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};
    private static final byte[] BOUNDARY = {'-', '-', '=', '_'};

    private final byte[] lines;
    private final TransferEncoding encoding;

    private TextBody(byte[] lines) {
        this.lines = lines;
        this.encoding = suitable(lines);
    }

    static TextBody of(String text) {
        return new TextBody(lines(text.getBytes(StandardCharsets.UTF_8)));
    }

    TransferEncoding encoding() {
        return encoding;
    }

    void write(MessageBytes out) {
        switch (encoding) {
            case SEVEN_BIT -> out.octets(lines, 0, lines.length);
            case QUOTED_PRINTABLE -> QuotedPrintable.write(lines, out);
            case BASE64 -> out.base64(lines);
        }
    }

    /// Whether text from here on is prone to damage at the start of a line: mail stores put a `>`
    /// before `From `, and a relay that is careless about transparency loses a dot (RFC 2049 §3).
    static boolean fragileAtLineStart(byte[] text, int at) {
        return text[at] == '.' || startsWith(text, at, FROM);
    }

    /// Text unharmed by any relay goes as it is; otherwise the shorter of the two encodings.
    private static TransferEncoding suitable(byte[] lines) {
        int equals = 0;
        int unprintable = 0;
        boolean fragile = false;
        int lineStart = 0;
        for (int i = 0; i < lines.length; i++) {
            byte b = lines[i];
            if (b == '\r') {
                fragile |= i > lineStart && fragileLine(lines, lineStart, i);
                lineStart = i + 2;
                i++;
            } else if (b == '=') {
                equals++;
            } else if (b < 0 || Characters.isControl(b)) {
                unprintable++;
            }
        }
        if (unprintable == 0 && !fragile) {
            return TransferEncoding.SEVEN_BIT;
        }
        return QuotedPrintable.estimatedLength(lines.length, equals + unprintable)
                        <= Base64Lines.length(lines.length)
                ? TransferEncoding.QUOTED_PRINTABLE
                : TransferEncoding.BASE64;
    }

    /// A line that could be taken for a boundary is encoded, too: boundaries follow from the
    /// event's id, so whoever knows it could write one.
    private static boolean fragileLine(byte[] lines, int from, int to) {
        return to - from > MAX_LINE
                || lines[to - 1] == ' '
                || lines[to - 1] == '\t'
                || fragileAtLineStart(lines, from)
                || startsWith(lines, from, BOUNDARY);
    }

    private static boolean startsWith(byte[] text, int at, byte[] start) {
        for (int i = 0; i < start.length; i++) {
            if (at + i >= text.length || text[at + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    /// The text with every line end, be it CRLF, LF or a lone CR, as CRLF.
    private static byte[] lines(byte[] text) {
        int missing = missing(text);
        if (missing == 0) {
            return text;
        }
        byte[] lines = new byte[Math.addExact(text.length, missing)];
        int size = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '\n' || b == '\r') {
                lines[size++] = '\r';
                lines[size++] = '\n';
                i += isCrLf(text, i) ? 1 : 0;
            } else {
                lines[size++] = b;
            }
        }
        if (size < lines.length) {
            lines[size++] = '\r';
            lines[size] = '\n';
        }
        return lines;
    }

    /// How many bytes longer the text becomes when all its lines end in CRLF.
    private static int missing(byte[] text) {
        int missing = 0;
        for (int i = 0; i < text.length; i++) {
            if (isCrLf(text, i)) {
                i++;
            } else if (text[i] == '\n' || text[i] == '\r') {
                missing++;
            }
        }
        boolean ended = text.length == 0 || isLineEnd(text[text.length - 1]);
        return ended ? missing : missing + 2;
    }

    private static boolean isCrLf(byte[] text, int at) {
        return text[at] == '\r' && at + 1 < text.length && text[at + 1] == '\n';
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }
}
