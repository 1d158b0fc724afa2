package dev.outmail.submission.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of one connection. Answers wait until something must be read, so that those to
/// commands that came together go together (RFC 2920).
///
/// Reads belong to the conversation's thread; who writes and closes is for the conversation to say.
final class Wire {
    private static final int BUFFER = 16 * 1024;

    /// For a client to read what was said last, before its own unread words reset the connection.
    private static final int PARTING_MILLIS = 500;

    private static final int PARTING_READS = 16;

    private final Socket socket;
    private final byte[] buffer = new byte[BUFFER];
    private Socket top;
    private int position;
    private int limit;
    private InputStream in;
    private OutputStream out;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.top = socket;
        this.in = socket.getInputStream();
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1024);
    }

    /// The bottom, below TLS.
    Socket socket() {
        return socket;
    }

    /// From now on what is said is said through TLS.
    void secureBy(Socket tls) throws IOException {
        top = tls;
        in = tls.getInputStream();
        out = new BufferedOutputStream(tls.getOutputStream(), 1024);
    }

    void send(Reply reply) throws IOException {
        out.write(reply.wire().getBytes(StandardCharsets.US_ASCII));
    }

    void flush() throws IOException {
        out.flush();
    }

    /// Whether the client has said more than was read.
    boolean hasMore() {
        return position < limit;
    }

    /// The next byte; -1 where the client has gone.
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        out.flush();
        position = 0;
        limit = 0;
        try {
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
        } catch (SocketException e) {
            // reset, or closed by us
            return false;
        }
        return limit > 0;
    }

    /// Exactly as many bytes; fewer where the client has gone.
    byte[] read(int length) throws IOException {
        byte[] read = new byte[length];
        for (int i = 0; i < length; i++) {
            int next = read();
            if (next < 0) {
                return Arrays.copyOf(read, i);
            }
            read[i] = (byte) next;
        }
        return read;
    }

    /// @param most octets, the CRLF not counted
    Line readLine(int most) throws IOException {
        byte[] line = new byte[Math.min(most, 128)];
        int length = 0;
        boolean garbled = false;
        boolean afterCr = false;
        while (true) {
            int next = read();
            if (next < 0) {
                return new Line.Gone();
            }
            if (next == '\n') {
                if (!afterCr || garbled) {
                    return new Line.Garbled();
                }
                return length > most ? new Line.TooLong() : text(line, length);
            }
            garbled |= afterCr || (next < ' ' && next != '\r' && next != '\t') || next == 0x7f;
            afterCr = next == '\r';
            if (!afterCr && length <= most) {
                if (length == line.length) {
                    line = Arrays.copyOf(line, Math.min(most, length * 2) + 1);
                }
                line[length++] = (byte) next;
            }
        }
    }

    private static Line text(byte[] line, int length) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return new Line.Text(decoder.decode(ByteBuffer.wrap(line, 0, length)).toString());
        } catch (CharacterCodingException e) {
            return new Line.Garbled();
        }
    }

    /// Ends it so that the client reads what was said last.
    ///
    /// @param unheard whether the client may have said more, or say it
    void close(boolean unheard) {
        try (socket) {
            out.flush();
            top.shutdownOutput();
            if (!unheard) {
                return;
            }
            socket.setSoTimeout(PARTING_MILLIS);
            var bottom = socket.getInputStream();
            for (int i = 0; i < PARTING_READS && bottom.read(buffer) > 0; i++) {
                // it said that in vain
            }
        } catch (IOException e) {
            // as closed as it gets
        }
    }
}
