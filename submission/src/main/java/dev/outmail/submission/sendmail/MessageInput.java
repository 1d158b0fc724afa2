package dev.outmail.submission.sendmail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads a message from standard input, up to a lone dot where that ends it. All of it, even where
/// it is too large: a caller whose pipe breaks would not ask for the exit code.
final class MessageInput {
    private static final int AT_ONCE = 64 << 10;

    private final int maxBytes;
    private final boolean dotEnds;
    private Line line = Line.EMPTY;

    /// What the line that is being read has so far.
    private enum Line {
        EMPTY,
        DOT,
        DOT_AND_RETURN,
        MORE,
        /// It was a lone dot.
        LAST;

        Line after(byte next) {
            return switch (next) {
                case '.' -> this == EMPTY ? DOT : MORE;
                case '\r' -> this == DOT ? DOT_AND_RETURN : MORE;
                case '\n' -> this == DOT || this == DOT_AND_RETURN ? LAST : EMPTY;
                default -> MORE;
            };
        }
    }

    MessageInput(int maxBytes, boolean dotEnds) {
        this.maxBytes = maxBytes;
        this.dotEnds = dotEnds;
    }

    byte[] read(InputStream in) throws IOException, NotTaken {
        var message = new ByteArrayOutputStream(AT_ONCE);
        var chunk = new byte[AT_ONCE];
        long size = 0;
        int read = in.read(chunk);
        while (read >= 0) {
            size += read;
            if (size <= maxBytes) {
                message.write(chunk, 0, read);
            }
            read = dotEnds && hasDot(chunk, read) ? -1 : in.read(chunk);
        }
        if (size > maxBytes) {
            throw tooLarge(size, maxBytes);
        }
        var bytes = message.toByteArray();
        return dotEnds ? upToDot(bytes) : bytes;
    }

    private boolean hasDot(byte[] chunk, int length) {
        for (int i = 0; i < length && line != Line.LAST; i++) {
            line = line.after(chunk[i]);
        }
        return line == Line.LAST;
    }

    static NotTaken tooLarge(long size, int maxBytes) {
        return new NotTaken(
                ExitCode.DATA,
                "the message has " + size + " bytes, more than " + maxBytes + " (event.max-bytes)");
    }

    /// What stands before the first line of a single dot.
    private static byte[] upToDot(byte[] bytes) {
        for (int start = 0; start < bytes.length; start = nextLine(bytes, start)) {
            if (bytes[start] == '.' && isLineEnd(bytes, start + 1)) {
                return Arrays.copyOf(bytes, start);
            }
        }
        return bytes;
    }

    private static int nextLine(byte[] bytes, int start) {
        int i = start;
        while (i < bytes.length && bytes[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    private static boolean isLineEnd(byte[] bytes, int at) {
        return at == bytes.length
                || bytes[at] == '\n'
                || (bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n');
    }
}
