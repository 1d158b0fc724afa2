package dev.outmail.console.probe;

import dev.outmail.delivery.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// A line to a server: commands out, replies in, each bounded in time and size. Of one thread.
final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_REPLY = Duration.ofSeconds(20);
    private static final int MAX_LINE = 2_048;
    private static final int MAX_LINES = 100;

    private final String host;
    private Socket socket;
    private InputStream in;

    private Wire(String host, Socket socket) throws IOException {
        this.host = host;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static Wire connect(String host, InetAddress address, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new Wire(host, socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// From here on by TLS: the certificate must be trusted, valid now, and of the host.
    ///
    /// @param witness of the handshake
    SSLSession secure(Witness witness) throws IOException {
        var secured =
                (SSLSocket) witness.factory().createSocket(socket, host, socket.getPort(), true);
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("LDAPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        // What came in clear before counts no more.
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        return secured.getSession();
    }

    /// Says a line, and returns the reply.
    SmtpReply command(String line) throws IOException {
        send(line);
        return reply();
    }

    void send(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            throw new IOException("a command is one line");
        }
        sendRaw((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void sendRaw(byte[] bytes) throws IOException {
        var out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    SmtpReply reply() throws IOException {
        long deadline = System.nanoTime() + LONGEST_REPLY.toNanos();
        var all = new StringBuilder();
        for (int lines = 0; lines < MAX_LINES; lines++) {
            var line = line(deadline);
            all.append(all.isEmpty() ? "" : "\n").append(Printable.of(line));
            if (line.length() < 4 || line.charAt(3) != '-') {
                return SmtpReply.of(line, all.toString());
            }
        }
        throw new IOException("the server's reply has no end");
    }

    private String line(long deadline) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() >= MAX_LINE) {
                throw new IOException("the server's line is longer than " + MAX_LINE + " bytes");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(
                        "the server took longer than " + LONGEST_REPLY.toSeconds() + " s");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// What a server said.
    ///
    /// @param code 0 where it said no reply
    /// @param words all lines, printable
    record SmtpReply(int code, String words) {
        static SmtpReply of(String lastLine, String words) {
            return new SmtpReply(
                    lastLine.matches("[2-5]\\d\\d([ -].*)?")
                            ? Integer.parseInt(lastLine.substring(0, 3))
                            : 0,
                    words);
        }

        boolean isFine() {
            return code / 100 == 2 || code == 334 || code == 354;
        }

        /// Whether an EHLO's reply offers an extension, with a parameter.
        boolean offers(String extension, String parameter) {
            return words.lines()
                    .map(line -> line.length() > 4 ? line.substring(4) : "")
                    .map(line -> (" " + line + " ").toUpperCase(Locale.ROOT))
                    .anyMatch(line ->
                            line.startsWith(" " + extension + " ")
                                    && line.contains(
                                            " " + parameter + (parameter.isEmpty() ? "" : " ")));
        }
    }
}
