package dev.outmail.delivery.mime;

import java.nio.charset.StandardCharsets;

/// The `filename` parameter of a Content-Disposition (RFC 2183): a quoted string where the name is
/// short and plain, else percent-encoded UTF-8, in several pieces where it is long (RFC 2231).
final class FileNameParameter {
    private static final int MAX_QUOTED = 60;

    /// What `filename*100*=UTF-8''…;` leaves of a line.
    private static final int MAX_PIECE = 52;

    private FileNameParameter() {}

    static void write(String name, HeaderWriter header) {
        if (isQuotable(name)) {
            header.token("filename=\"" + name + "\"");
            return;
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        var piece = new StringBuilder();
        int from = append(piece, utf8, 0);
        if (from == utf8.length) {
            header.token("filename*=UTF-8''" + piece);
            return;
        }
        header.token("filename*0*=UTF-8''" + piece + ";");
        for (int count = 1; from < utf8.length; count++) {
            piece.setLength(0);
            from = append(piece, utf8, from);
            header.token("filename*" + count + "*=" + piece + (from < utf8.length ? ";" : ""));
        }
    }

    /// Two apostrophes are the mark of RFC 2231, which some readers see in a quoted string too.
    private static boolean isQuotable(String name) {
        int last = name.length() - 1;
        if (last >= MAX_QUOTED
                || name.charAt(0) == ' '
                || name.charAt(last) == ' '
                || name.indexOf('\'') != name.lastIndexOf('\'')
                || name.contains("=?")) {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /// Adds as many whole characters as a piece holds and returns where the next one begins.
    private static int append(StringBuilder piece, byte[] utf8, int from) {
        int end = from;
        while (end < utf8.length) {
            int next = Characters.end(utf8, end);
            int length = isLiteral(utf8[end]) ? 1 : 3 * (next - end);
            if (piece.length() + length > MAX_PIECE) {
                return end;
            }
            for (int i = end; i < next; i++) {
                append(piece, utf8[i]);
            }
            end = next;
        }
        return end;
    }

    private static void append(StringBuilder piece, byte b) {
        if (isLiteral(b)) {
            piece.append((char) b);
        } else {
            piece.append('%').append(Characters.highDigit(b)).append(Characters.lowDigit(b));
        }
    }

    private static boolean isLiteral(byte b) {
        return Characters.isLetterOrDigit(b) || b == '-' || b == '.' || b == '_';
    }
}
