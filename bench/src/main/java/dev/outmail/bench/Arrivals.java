package dev.outmail.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// An SMTP server that takes everything and notes when: each recipient's first mail, at the moment
/// that its final dot was read. It may take its time to answer the dot, as servers with a queue on
/// disk do.
final class Arrivals implements AutoCloseable {
    private final ServerSocket listener;
    private final Duration work;
    private final Map<String, Long> nanos = new ConcurrentHashMap<>();

    private Arrivals(ServerSocket listener, Duration work) {
        this.listener = listener;
        this.work = work;
    }

    /// Starts one.
    ///
    /// @param work what lies between the final dot and its answer
    static Arrivals start(Duration work) throws IOException {
        var listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        var arrivals = new Arrivals(listener, work);
        Thread.startVirtualThread(arrivals::accept);
        return arrivals;
    }

    int port() {
        return listener.getLocalPort();
    }

    int count() {
        return nanos.size();
    }

    /// When a recipient's mail came, as [System#nanoTime] says it.
    Optional<Long> of(String recipient) {
        return Optional.ofNullable(nanos.get(recipient));
    }

    long last() {
        return nanos.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    /// Whether so many arrived before it took too long.
    boolean await(int count, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (nanos.size() < count && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        return nanos.size() >= count;
    }

    void forget() {
        nanos.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                Thread.startVirtualThread(() -> converse(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void converse(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            new Conversation(client).run();
        } catch (IOException e) {
            // the client has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Of one connection, on its thread.
    private final class Conversation {
        private final InputStream in;
        private final OutputStream out;
        private final List<String> recipients = new ArrayList<>();

        Conversation(Socket client) throws IOException {
            in = new BufferedInputStream(client.getInputStream());
            out = new BufferedOutputStream(client.getOutputStream());
        }

        void run() throws IOException, InterruptedException {
            say("220 localhost ESMTP");
            for (var line = line(); line.isPresent(); line = line()) {
                answer(line.get());
                if (line.get().toUpperCase(Locale.ROOT).startsWith("QUIT")) {
                    return;
                }
            }
        }

        private void answer(String line) throws IOException, InterruptedException {
            switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
                case "EHLO" ->
                        say(
                                "250-localhost\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME");
                case "MAIL", "RSET" -> {
                    recipients.clear();
                    say("250 2.0.0 Ok");
                }
                case "RCPT" -> {
                    recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
                    say("250 2.1.5 Ok");
                }
                case "DATA" -> take();
                case "QUIT" -> say("221 2.0.0 Bye");
                default -> say("500 5.5.2 What?");
            }
        }

        private void take() throws IOException, InterruptedException {
            say("354 Go on");
            var line = line();
            while (line.isPresent() && !line.get().equals(".")) {
                line = line();
            }
            if (line.isPresent()) {
                long now = System.nanoTime();
                recipients.forEach(recipient -> nanos.putIfAbsent(recipient, now));
                Thread.sleep(work);
                say("250 2.0.0 Taken");
            }
        }

        /// Sends it when nothing more is there to be read: so pipelined commands are answered
        /// together.
        private void say(String reply) throws IOException {
            out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
            if (in.available() == 0) {
                out.flush();
            }
        }

        private Optional<String> line() throws IOException {
            var bytes = new ByteArrayOutputStream();
            for (int one = in.read(); one >= 0; one = in.read()) {
                if (one == '\n') {
                    return Optional.of(bytes.toString(StandardCharsets.ISO_8859_1).strip());
                }
                bytes.write(one);
            }
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
