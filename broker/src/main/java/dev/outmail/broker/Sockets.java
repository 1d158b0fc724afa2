package dev.outmail.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/// The server sockets of a broker, bound on loopback before Kafka starts.
///
/// Kafka puts its ports into its configuration, so a free port must be known before the start.
/// Binding first makes that free of races, and a taken port is found before anything else happens.
final class Sockets implements ServerSocketFactory, AutoCloseable {
    static final String KAFKA = "KAFKA";
    static final String CONTROLLER = "CONTROLLER";
    static final String HOST = "127.0.0.1";

    private static final int BACKLOG = 50;

    /// The sockets that Kafka has not taken over yet, by listener.
    private final Map<String, ServerSocketChannel> bound = new ConcurrentHashMap<>();

    private final Map<String, Integer> ports = new HashMap<>();

    /// @param kafkaPort the port for clients, 0 for a free one; those of the controller and of
    ///   other listeners are always free ones
    Sockets(int kafkaPort, Set<String> others) {
        try {
            ports.put(KAFKA, bind(KAFKA, kafkaPort));
            ports.put(CONTROLLER, bind(CONTROLLER, 0));
            others.forEach(listener -> ports.put(listener, bind(listener, 0)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    int kafkaPort() {
        return port(KAFKA);
    }

    int port(String listener) {
        Integer port = ports.get(listener);
        if (port == null) {
            throw new IllegalArgumentException(
                    "there is no listener " + listener + ", but " + ports.keySet());
        }
        return port;
    }

    /// Hands a bound socket over to Kafka, which closes it from then on. The size of the receive
    /// buffer can no longer count and does not matter on loopback.
    @Override
    public ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
            throws IOException {
        ServerSocketChannel socket = bound.remove(listener.toUpperCase(Locale.ROOT));
        if (socket == null) {
            throw new IOException("no socket is bound for the listener " + listener);
        }
        socket.configureBlocking(false);
        return socket;
    }

    /// Closes what Kafka has not taken over.
    @Override
    public void close() {
        for (ServerSocketChannel socket : bound.values()) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        bound.clear();
    }

    private int bind(String listener, int port) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open();
            bound.put(listener, socket);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port), BACKLOG);
            return ((InetSocketAddress) socket.getLocalAddress()).getPort();
        } catch (BindException e) {
            throw new BrokerNotStarted(
                    "port %d on %s is taken, perhaps by another broker: stop that program or choose another port (0 takes a free one)"
                            .formatted(port, HOST),
                    e);
        } catch (IOException e) {
            throw new BrokerNotStarted(
                    "port %d on %s can't be opened: %s".formatted(port, HOST, e.getMessage()), e);
        }
    }
}
