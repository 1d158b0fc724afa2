package dev.outmail.wire;

/// How many bytes a message has in an event's JSON: as text, or as base64 where it is no UTF-8.
public final class EncodedSize {
    private EncodedSize() {}

    /// What it takes between its quotes; the rest of an event is small.
    public static long of(byte[] message) {
        if (!isUtf8(message)) {
            return (message.length + 2L) / 3 * 4;
        }
        long size = message.length;
        for (byte one : message) {
            size += escape(one);
        }
        return size;
    }

    /// What JSON adds to a byte of UTF-8 (RFC 8259 §7).
    private static int escape(byte one) {
        return switch (one) {
            case '\r', '\n', '"', '\\', '\t', '\b', '\f' -> 1;
            default -> one >= 0 && one < ' ' ? 5 : 0;
        };
    }

    /// Most is ASCII, and quickly told.
    private static boolean isUtf8(byte[] message) {
        for (byte one : message) {
            if (one < 0) {
                return Utf8.firstFlaw(message) < 0;
            }
        }
        return true;
    }
}
