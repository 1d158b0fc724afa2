package dev.outmail.delivery.smtp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The bottom of a connection, below TLS. For each answer a server may take a limited time and say
/// a limited amount, so that one that dribbles or floods costs neither.
///
/// Reads and writes belong to one thread; any thread may close it. Whether an answer is overdue is
/// looked at by another thread now and then, not by a time-out on each read: on a virtual thread
/// that would be a timer set and cancelled for every answer.
final class GuardedSocket extends Socket {
    /// More than any handshake or reply needs.
    static final int MOST_HEARD_IN_A_ROW = 128 * 1_024;

    private final LongSupplier nanoTicker;
    private volatile Duration patience;
    private volatile long spokeAt;
    private volatile boolean listening;
    private int heardInARow;
    private Socket top = this;
    private volatile @Nullable String closedBecause;

    GuardedSocket(LongSupplier nanoTicker, Duration patience) {
        this.nanoTicker = nanoTicker;
        this.patience = patience;
        this.spokeAt = nanoTicker.getAsLong();
    }

    /// How long the next answer may take, and each one after.
    void expectAnswersWithin(Duration patience) {
        this.patience = patience;
        expectNextAnswer();
    }

    /// The next answer has as much time and room as if we had spoken once more: of several answers
    /// to what was said in one go, each counts for itself.
    void expectNextAnswer() {
        spokeAt = nanoTicker.getAsLong();
        heardInARow = 0;
    }

    /// How long ago we spoke, or heard the last answer that was due.
    Duration sinceWeSpoke() {
        return Duration.ofNanos(nanoTicker.getAsLong() - spokeAt);
    }

    /// What is to be read and written: TLS upon this one, or this one.
    Socket top() {
        return top;
    }

    /// From now on TLS is upon it.
    void securedBy(Socket tls) {
        top = tls;
    }

    /// Closes it under the hands of its thread, which will find out why.
    void closeBecause(String reason) {
        closedBecause = reason;
        closeQuietly();
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // as closed as it gets
        }
    }

    @Nullable String closedBecause() {
        return closedBecause;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Ear(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Mouth(super.getOutputStream());
    }

    /// Closes it if its thread has waited for an answer for too long.
    void closeIfOverdue(long nowNanos) {
        if (listening && isOverdue(nowNanos)) {
            closeBecause("no answer within " + patience);
        }
    }

    private boolean isOverdue(long nowNanos) {
        return nowNanos - spokeAt >= patience.toNanos();
    }

    private final class Ear extends FilterInputStream {
        Ear(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (heardInARow >= MOST_HEARD_IN_A_ROW) {
                throw new IOException(
                        "the server said more than " + MOST_HEARD_IN_A_ROW + " bytes in a row");
            }
            if (isOverdue(nanoTicker.getAsLong())) {
                throw new SocketTimeoutException("no answer within " + patience);
            }
            int most = Math.min(length, MOST_HEARD_IN_A_ROW - heardInARow);
            listening = true;
            try {
                int read = super.read(buffer, offset, most);
                heardInARow += Math.max(read, 0);
                return read;
            } finally {
                listening = false;
            }
        }
    }

    private final class Mouth extends FilterOutputStream {
        Mouth(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            expectNextAnswer();
        }
    }
}
