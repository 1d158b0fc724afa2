package dev.outmail.submission.sendmail;

/// How many bytes a message has as text in an event's JSON.
final class EncodedSize {
    private EncodedSize() {}

    /// @param message of which those bytes count twice that JSON escapes. One that is not UTF-8
    ///   goes as base64, which is no less than a third more; it is not looked at so closely.
    static long of(byte[] message) {
        long size = message.length;
        for (byte one : message) {
            if (one == '\r' || one == '\n' || one == '"' || one == '\\' || one == '\t') {
                size++;
            }
        }
        return size;
    }
}
