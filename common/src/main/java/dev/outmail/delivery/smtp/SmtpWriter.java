package dev.outmail.delivery.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// What we say: commands and mail data, kept back until we listen, so that what belongs together
/// leaves together. Used by the connection's thread.
final class SmtpWriter {
    private static final int BUFFER_BYTES = 32 * 1_024;
    private static final int DOT_BYTES = 3;
    private static final byte[] END_OF_LINE = {'\r', '\n'};

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int count;

    SmtpWriter(OutputStream out) {
        this.out = out;
    }

    /// Says a command, in UTF-8 where it has to be (RFC 6531).
    ///
    /// @param line without its end
    void command(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a command of more than one line");
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
        write(END_OF_LINE, 0, 2);
    }

    /// Says a message, up to its final dot, and with another dot before each line that starts with
    /// one (RFC 5321 §4.5.2). Whatever ends a line, CRLF does here: a lone CR or LF is what
    /// smuggled messages begin with.
    void mailData(byte[] message) throws IOException {
        int line = 0;
        while (line < message.length) {
            int end = lineEnd(message, line);
            if (message[line] == '.') {
                write(message, line, 1);
            }
            int next = afterLineEnd(message, end);
            if (next - end == 2) {
                write(message, line, next - line);
            } else {
                write(message, line, end - line);
                write(END_OF_LINE, 0, 2);
            }
            line = next;
        }
    }

    /// Sends what was kept back where the dot would not fit in beside it: a dot that is said next
    /// leaves with the content before it, or after that has left.
    void makeRoomForDot() throws IOException {
        if (buffer.length - count < DOT_BYTES) {
            flush();
        }
    }

    private static int lineEnd(byte[] message, int from) {
        int i = from;
        while (i < message.length && message[i] != '\r' && message[i] != '\n') {
            i++;
        }
        return i;
    }

    private static int afterLineEnd(byte[] message, int end) {
        boolean crlf = end + 1 < message.length && message[end] == '\r' && message[end + 1] == '\n';
        return crlf ? end + 2 : Math.min(end + 1, message.length);
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (count == buffer.length) {
                flush();
            }
            int part = Math.min(length - done, buffer.length - count);
            System.arraycopy(bytes, offset + done, buffer, count, part);
            count += part;
            done += part;
        }
    }

    /// Sends what was kept back.
    void flush() throws IOException {
        if (count > 0) {
            int length = count;
            count = 0;
            out.write(buffer, 0, length);
        }
    }
}
