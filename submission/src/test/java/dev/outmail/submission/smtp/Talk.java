package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A client that says exactly what a test says.
final class Talk implements AutoCloseable {
    static final String MESSAGE = lines("From: a@example.com", "Subject: Hello", "", "Hello Ada");

    /// Each with the line end that SMTP wants.
    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private Socket socket;
    private InputStream in;
    private OutputStream out;

    Talk(int port) throws IOException {
        use(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private void use(Socket next) throws IOException {
        socket = next;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = next.getInputStream();
        out = next.getOutputStream();
    }

    Talk say(String raw) throws IOException {
        return say(raw.getBytes(StandardCharsets.UTF_8));
    }

    Talk say(byte[] raw) throws IOException {
        out.write(raw);
        out.flush();
        return this;
    }

    /// The lines of one reply, joined by line feeds; empty where the server has gone.
    String reply() throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (lines.getLast().matches("\\d{3}-.*"));
        return String.join("\n", lines);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    Talk expect(String beginning) throws IOException {
        assertThat(reply()).startsWith(beginning);
        return this;
    }

    Talk ask(String command, String beginning) throws IOException {
        return say(command + "\r\n").expect(beginning);
    }

    /// Up to what a message may be said after.
    Talk begin() throws IOException {
        return expect("220 ").ask("EHLO test.example", "250-");
    }

    Talk envelope() throws IOException {
        return ask("MAIL FROM:<a@example.com>", "250 ").ask("RCPT TO:<ada@example.org>", "250 ");
    }

    Talk data() throws IOException {
        return ask("DATA", "354 ");
    }

    Talk startTls(SSLSocketFactory factory) throws IOException {
        ask("STARTTLS", "220 ");
        var tls = (SSLSocket) factory.createSocket(socket, "localhost", socket.getPort(), true);
        tls.startHandshake();
        use(tls);
        return this;
    }

    boolean hasHeardMore() throws IOException {
        return in.available() > 0;
    }

    void expectEnd() throws IOException {
        assertThat(in.read()).isEqualTo(-1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
