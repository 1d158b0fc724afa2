package dev.outmail.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A server on loopback as if it were far away: every byte arrives later by a fixed delay, each
/// way, and so does the end of the stream. Bandwidth is what loopback has, up to 1 MiB under way.
///
/// ```java
/// try (var far = LatencyProxy.start("localhost", server.port(), Duration.ofMillis(20))) {
///     connectTo(far.host(), far.port());
/// }
/// ```
///
/// Connecting itself takes no longer; whoever waits for a greeting waits one delay.
public final class LatencyProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Duration oneWay;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LatencyProxy(ServerSocket listener, InetSocketAddress target, Duration oneWay) {
        this.listener = listener;
        this.target = target;
        this.oneWay = oneWay;
    }

    /// Starts one.
    ///
    /// @param oneWay added in each direction, so that a round trip takes twice as long
    public static LatencyProxy start(String host, int port, Duration oneWay) throws IOException {
        var listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        var proxy = new LatencyProxy(listener, new InetSocketAddress(host, port), oneWay);
        Thread.ofVirtual().name("latency-accept").start(proxy::acceptAll);
        return proxy;
    }

    public String host() {
        return "localhost";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// Drops everybody and stops listening.
    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(LatencyProxy::closeQuietly);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // closed, or a client that was gone before it was accepted
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(client);
        open.add(server);
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            new SlowLine(client, server, oneWay).start(() -> ended(client, server));
            new SlowLine(server, client, oneWay).start(() -> ended(client, server));
        } catch (IOException e) {
            drop(client, server);
        }
        if (listener.isClosed()) {
            drop(client, server);
        }
    }

    /// Called once for each way; a way that broke ends both.
    private void ended(Socket client, Socket server) {
        boolean bothWays = client.isInputShutdown() && server.isInputShutdown();
        if (bothWays || client.isClosed() || server.isClosed()) {
            drop(client, server);
        }
    }

    private void drop(Socket client, Socket server) {
        closeQuietly(client);
        closeQuietly(server);
        open.remove(client);
        open.remove(server);
    }

    static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            // as closed as it gets
        }
    }
}
