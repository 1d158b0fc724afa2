package dev.outmail.testkit.smtp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// The server's end of one connection; used by that connection's thread, closed by any.
public final class Peer {
    private static final int LONGEST_LINE = 1 << 20;

    private final CountingSocket wire;
    private final CountDownLatch serverClosing;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private String lastSaid = "";
    private volatile boolean open = true;

    Peer(CountingSocket wire, CountDownLatch serverClosing) throws IOException {
        this.wire = wire;
        this.serverClosing = serverClosing;
        this.socket = wire;
        this.in = new BufferedInputStream(wire.getInputStream());
        this.out = new BufferedOutputStream(wire.getOutputStream());
    }

    public boolean isOpen() {
        return open;
    }

    public void say(String... lines) throws IOException {
        for (String line : lines) {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\r');
            out.write('\n');
            lastSaid = line;
        }
        out.flush();
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void close() {
        open = false;
        try {
            // The end of file must not overtake what was said, so no SO_LINGER here.
            wire.close();
        } catch (IOException e) {
            // as closed as it gets
        }
    }

    public void reset() throws IOException {
        wire.setSoLinger(true, 0);
        close();
    }

    /// Until the server is closed; a client that goes is not noticed.
    public void hang() {
        pause(Duration.ofHours(1));
        close();
    }

    /// Waits in real time, at most until the server is closed.
    public void pause(Duration duration) {
        try {
            if (serverClosing.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    public void skip(int bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    /// The next line without its line end, or null at the end.
    public @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.size() >= LONGEST_LINE) {
                throw new IOException("the client sent a line of more than 1 MiB");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// What follows DATA up to the dot on its own line, dot-stuffing undone (RFC 5321 §4.5.2).
    ///
    /// @throws EOFException if the client went before the dot
    byte[] readContent() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] line = readContentLine(); line.length > 0; line = readContentLine()) {
            boolean dotted = line[0] == '.';
            if (dotted && line.length == 3 && line[1] == '\r') {
                return content.toByteArray();
            }
            content.write(line, dotted ? 1 : 0, line.length - (dotted ? 1 : 0));
        }
        throw new EOFException("the client went in mid-content");
    }

    /// A line up to and with CRLF; bare CR and LF are content.
    private byte[] readContentLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = -1;
        for (int next = in.read(); next >= 0; last = next, next = in.read()) {
            line.write(next);
            if (last == '\r' && next == '\n') {
                return line.toByteArray();
            }
        }
        throw new EOFException("the client went in mid-content");
    }

    /// Shakes hands, as the server; what the client sent too early in plain text is forgotten.
    void secure(SSLContext identity) throws IOException {
        SSLSocket secured =
                (SSLSocket) identity.getSocketFactory().createSocket(socket, null, true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        out = new BufferedOutputStream(secured.getOutputStream());
    }

    /// How many reads it took to get so far.
    int gulps() {
        return wire.gulps();
    }

    boolean isSecure() {
        return socket instanceof SSLSocket;
    }

    /// The last line said, of which the code counts.
    String lastSaid() {
        return lastSaid;
    }

    void forgetLastSaid() {
        lastSaid = "";
    }
}
