package dev.outmail.submission.sendmail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// How many bytes a message has in an event's JSON: as text, or as base64 where it is no UTF-8.
final class EncodedSize {
    private EncodedSize() {}

    /// At least what it takes; the rest of an event is small.
    static long of(byte[] message) {
        if (!isUtf8(message)) {
            return (message.length + 2L) / 3 * 4;
        }
        long size = message.length;
        for (byte one : message) {
            if (one == '\r' || one == '\n' || one == '"' || one == '\\' || one == '\t') {
                size++;
            } else if (one >= 0 && one < ' ') {
                size += 5;
            }
        }
        return size;
    }

    /// Most is ASCII, and quickly told.
    private static boolean isUtf8(byte[] message) {
        for (byte one : message) {
            if (one < 0) {
                return isDecodable(message);
            }
        }
        return true;
    }

    private static boolean isDecodable(byte[] message) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
