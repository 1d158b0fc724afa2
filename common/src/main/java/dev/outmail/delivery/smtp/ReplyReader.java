package dev.outmail.delivery.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// What a server says, reply by reply (RFC 5321 §4.2). How much it may say is limited below. Used
/// by the connection's thread.
final class ReplyReader {
    private static final int BUFFER_BYTES = 2_048;

    private final InputStream in;
    private final Runnable meanwhile;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream longReply = new ByteArrayOutputStream();
    private int start;
    private int end;

    ReplyReader(InputStream in) {
        this(in, () -> {});
    }

    /// @param meanwhile done before each wait for the server
    ReplyReader(InputStream in, Runnable meanwhile) {
        this.in = in;
        this.meanwhile = meanwhile;
    }

    /// The next reply, or what came instead of one; at the end of the stream, as much as there was.
    Answer next() throws IOException {
        longReply.reset();
        int line = 0; // where in what is kept the current line begins
        while (true) {
            int lineEnd = findLineEnd();
            int stop = lineEnd < 0 ? end : lineEnd + 1;
            if (lineEnd >= 0 && longReply.size() == 0 && !isContinued(buffer, start, lineEnd)) {
                return take(lineEnd);
            }
            longReply.write(buffer, start, stop - start);
            start = stop;
            if (lineEnd >= 0) {
                byte[] said = longReply.toByteArray();
                if (!isContinued(said, line, said.length)) {
                    return Reply.parse(said, 0, said.length);
                }
                line = said.length;
            } else if (!fill()) {
                byte[] said = longReply.toByteArray();
                return Reply.parse(said, 0, said.length);
            }
        }
    }

    /// A reply of one line, all of it in the buffer: nearly every one.
    private Answer take(int lineEnd) {
        Answer answer = Reply.parse(buffer, start, lineEnd + 1);
        start = lineEnd + 1;
        return answer;
    }

    private int findLineEnd() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isContinued(byte[] said, int line, int end) {
        return end - line > 3 && said[line + 3] == '-';
    }

    private boolean fill() throws IOException {
        meanwhile.run();
        start = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }
}
