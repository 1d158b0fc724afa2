package dev.outmail.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A server on loopback as if it were far away, or behind a line that is slow, breaks or is down:
///
/// ```java
/// try (var far = FaultProxy.start("localhost", server.port(), Duration.ofMillis(20))) {
///     connectTo(far.host(), far.port());
///     far.weather(Weather.far(Duration.ZERO).withSlices(1));  // counts for new connections
///     far.resetAll();
///     far.down();
///     far.up();
/// }
/// ```
///
/// Each way has up to 1 MiB under way. Connecting itself takes no longer; whoever waits for a
/// greeting waits one delay.
public final class FaultProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;
    private volatile Weather weather;
    private volatile @Nullable Thread acceptor;

    private FaultProxy(InetSocketAddress target, Weather weather) throws IOException {
        this.target = target;
        this.weather = weather;
        listener = listen(0);
        port = listener.getLocalPort();
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
    }

    /// Starts one.
    ///
    /// @param oneWay added in each direction, so that a round trip takes twice as long
    public static FaultProxy start(String host, int port, Duration oneWay) throws IOException {
        var proxy = new FaultProxy(new InetSocketAddress(host, port), Weather.far(oneWay));
        proxy.acceptInBackground();
        return proxy;
    }

    /// What connections made from now on meet.
    public FaultProxy weather(Weather now) {
        weather = now;
        return this;
    }

    /// Resets every connection there is.
    public void resetAll() {
        for (var socket : open) {
            resetQuietly(socket);
        }
    }

    /// Drops everybody; who connects from now on is refused.
    public void down() {
        close();
    }

    /// Lets clients in again after [#down], at the same port.
    public void up() throws IOException {
        listener = listen(port);
        acceptInBackground();
    }

    private void acceptInBackground() {
        var accepting = listener;
        acceptor = Thread.ofVirtual().name("proxy-accept").start(() -> acceptAll(accepting));
    }

    public String host() {
        return "localhost";
    }

    public int port() {
        return port;
    }

    /// Drops everybody and stops listening.
    @Override
    public void close() {
        closeQuietly(listener);
        awaitAcceptor();
        open.forEach(FaultProxy::closeQuietly);
    }

    /// The port is free only when nobody waits at it any more.
    private void awaitAcceptor() {
        var accepting = acceptor;
        try {
            if (accepting != null) {
                accepting.join(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                connect(accepting.accept(), accepting);
            } catch (IOException e) {
                // closed, or a client that was gone before it was accepted
            }
        }
    }

    private void connect(Socket client, ServerSocket accepting) {
        Socket server = new Socket();
        open.add(client);
        open.add(server);
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var met = weather;
            new SlowLine(client, server, met).start(() -> ended(client, server));
            new SlowLine(server, client, met).start(() -> ended(client, server));
        } catch (IOException e) {
            drop(client, server);
        }
        if (accepting.isClosed()) {
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

    static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
        closeQuietly(socket);
    }

    static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            // as closed as it gets
        }
    }
}
