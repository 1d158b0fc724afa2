package dev.outmail.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A long way to a server nearby: whatever goes through arrives a fixed time later, in either
/// direction, in order, as much of it as there is. Connecting itself takes no longer.
///
/// Each direction of each connection has two virtual threads: one reads, one waits and writes.
final class LatencyProxy implements AutoCloseable {
    private static final int CHUNK = 64 * 1_024;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final long delayNanos;

    /// What came in one read; nothing at the end.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(long dueNanos, byte[] bytes) {}

    private LatencyProxy(ServerSocket listener, InetSocketAddress server, Duration delay) {
        this.listener = listener;
        this.server = server;
        this.delayNanos = delay.toNanos();
    }

    /// Starts one.
    ///
    /// @param delay each way
    static LatencyProxy start(String host, int port, Duration delay) throws IOException {
        var listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        var proxy = new LatencyProxy(listener, new InetSocketAddress(host, port), delay);
        Thread.startVirtualThread(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                join(listener.accept());
            } catch (IOException e) {
                // closed, or the client has gone again
            }
        }
    }

    private void join(Socket client) throws IOException {
        var upstream = new Socket();
        upstream.connect(server);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        carry(client, upstream);
        carry(upstream, client);
    }

    private void carry(Socket from, Socket to) {
        var underWay = new LinkedBlockingQueue<Chunk>();
        Thread.startVirtualThread(() -> read(from, underWay));
        Thread.startVirtualThread(() -> write(to, underWay));
    }

    private void read(Socket from, LinkedBlockingQueue<Chunk> underWay) {
        var buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                underWay.add(new Chunk(due(), Arrays.copyOf(buffer, read)));
            }
        } catch (IOException e) {
            // the connection was cut: so it ends on the other side
        }
        underWay.add(new Chunk(due(), new byte[0]));
    }

    private long due() {
        return System.nanoTime() + delayNanos;
    }

    private static void write(Socket to, LinkedBlockingQueue<Chunk> underWay) {
        try (to) {
            OutputStream out = to.getOutputStream();
            var next = arrived(underWay);
            while (next.length > 0) {
                out.write(next);
                next = arrived(underWay);
            }
        } catch (IOException e) {
            // nobody is there any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] arrived(LinkedBlockingQueue<Chunk> underWay) throws InterruptedException {
        var next = underWay.take();
        TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
        return next.bytes();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
