package dev.outmail.submission.sendmail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads a message from standard input. All of it, even where it is too large: a caller whose pipe
/// breaks would not ask for the exit code.
final class MessageInput {
    private static final int AT_ONCE = 64 << 10;

    private final int maxBytes;
    private final boolean dotEnds;

    MessageInput(int maxBytes, boolean dotEnds) {
        this.maxBytes = maxBytes;
        this.dotEnds = dotEnds;
    }

    byte[] read(InputStream in) throws IOException, NotTaken {
        var message = new ByteArrayOutputStream(AT_ONCE);
        var chunk = new byte[AT_ONCE];
        long size = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            size += read;
            if (size <= maxBytes) {
                message.write(chunk, 0, read);
            }
        }
        if (size > maxBytes) {
            throw tooLarge(size, maxBytes);
        }
        var bytes = message.toByteArray();
        return dotEnds ? upToDot(bytes) : bytes;
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
