package dev.outmail.delivery.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Text as a row of encoded words (RFC 2047), each of whole characters and at most 75 long. White
/// space between two of them is no part of the text, so they carry their spaces themselves.
final class EncodedWords {
    private static final String OPENING_B = "=?UTF-8?B?";
    private static final String OPENING_Q = "=?UTF-8?Q?";
    private static final String CLOSING = "?=";
    private static final int FRAME = OPENING_B.length() + CLOSING.length();

    private EncodedWords() {}

    /// Writes the text in the shorter of the two encodings.
    static void write(String text, HeaderWriter header) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean q = lengthQ(utf8) <= lengthB(utf8.length);
        int from = 0;
        while (from < utf8.length) {
            int room = header.room() - FRAME;
            int to = q ? endQ(utf8, from, room) : endB(utf8, from, room);
            if (to == from) {
                header.fold(); // an empty line has room for any character
            } else if (q) {
                wordQ(utf8, from, to, header);
                from = to;
            } else {
                wordB(utf8, from, to, header);
                from = to;
            }
        }
    }

    private static void wordB(byte[] utf8, int from, int to, HeaderWriter header) {
        byte[] encoded = Base64.getEncoder().encode(Arrays.copyOfRange(utf8, from, to));
        var out = header.space(FRAME + encoded.length);
        out.ascii(OPENING_B);
        out.octets(encoded, 0, encoded.length);
        out.ascii(CLOSING);
    }

    private static void wordQ(byte[] utf8, int from, int to, HeaderWriter header) {
        var out = header.space(FRAME);
        out.ascii(OPENING_Q);
        for (int i = from; i < to; i++) {
            if (utf8[i] == ' ') {
                out.octet('_');
            } else if (lengthQ(utf8[i]) == 1) {
                out.octet(utf8[i]);
            } else {
                QuotedPrintable.hex(utf8[i], out);
            }
        }
        out.ascii(CLOSING);
    }

    /// Where the longest run of whole characters ends whose Q encoding has the given room.
    private static int endQ(byte[] utf8, int from, int room) {
        int end = from;
        int length = 0;
        while (end < utf8.length) {
            int next = Characters.end(utf8, end);
            for (int i = end; i < next; i++) {
                length += lengthQ(utf8[i]);
            }
            if (length > room) {
                return end;
            }
            end = next;
        }
        return end;
    }

    private static int endB(byte[] utf8, int from, int room) {
        int end = from;
        while (end < utf8.length) {
            int next = Characters.end(utf8, end);
            if (lengthB(next - from) > room) {
                return end;
            }
            end = next;
        }
        return end;
    }

    private static int lengthB(int count) {
        return (count + 2) / 3 * 4;
    }

    private static long lengthQ(byte[] utf8) {
        long length = 0;
        for (byte b : utf8) {
            length += lengthQ(b);
        }
        return length;
    }

    /// The characters that RFC 2047 §5 lets stand for themselves in a display name, which suit
    /// everywhere else too.
    private static int lengthQ(byte b) {
        boolean literal = Characters.isLetterOrDigit(b) || " !*+-/".indexOf(b) >= 0;
        return literal ? 1 : 3;
    }
}
