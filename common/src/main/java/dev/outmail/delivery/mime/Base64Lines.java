package dev.outmail.delivery.mime;

import java.util.Base64;

/// Base64 in lines of 76 characters, each line ended (RFC 2045 §6.8).
final class Base64Lines {
    private static final int CHARS_PER_LINE = 76;
    private static final int BYTES_PER_LINE = 57;

    /// Whole lines that, with what they are encoded to, stay in the processor's cache.
    private static final int CHUNK = 128 * BYTES_PER_LINE;

    private static final Base64.Encoder ENCODER = Base64.getMimeEncoder();

    private Base64Lines() {}

    /// The exact length of the encoded form of so many bytes.
    static long length(int count) {
        long chars = (count + 2L) / 3 * 4;
        long lines = (chars + CHARS_PER_LINE - 1) / CHARS_PER_LINE;
        return chars + 2 * lines;
    }

    /// Writes the encoded form and returns where it ends. It goes by chunks because the JDK's
    /// encoder can't write into the middle of an array.
    static int write(byte[] content, byte[] target, int at) {
        byte[] chunk = new byte[Math.min(CHUNK, content.length)];
        byte[] encoded = new byte[(int) length(chunk.length)];
        int end = at;
        for (int from = 0; from < content.length; from += chunk.length) {
            if (content.length - from < chunk.length) {
                chunk = new byte[content.length - from];
            }
            System.arraycopy(content, from, chunk, 0, chunk.length);
            int count = ENCODER.encode(chunk, encoded);
            System.arraycopy(encoded, 0, target, end, count);
            end += count;
            target[end++] = '\r';
            target[end++] = '\n';
        }
        return end;
    }
}
