package dev.outmail.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// A port on loopback that neither accepts nor refuses, as behind a firewall that drops: its queue
/// of connections is full, so that Linux drops what else comes.
public final class BlackHole implements AutoCloseable {
    private static final int MOST_TO_FILL = 64;
    private static final int DROPPED_AFTER_MILLIS = 300;

    /// One that takes so long may have been let in by a machine that is busy.
    private static final int DROPPED_IN_A_ROW = 3;

    private final ServerSocket listener;
    private final List<Socket> waiting = new ArrayList<>();

    private BlackHole(ServerSocket listener) {
        this.listener = listener;
    }

    /// Opens one.
    ///
    /// @param port 0 for any free one
    /// @throws UncheckedIOException where it can't be had, or the queue never fills
    public static BlackHole at(int port) {
        BlackHole hole;
        try {
            hole = new BlackHole(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            hole.fill();
            return hole;
        } catch (IOException e) {
            hole.close();
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void fill() throws IOException {
        int dropped = 0;
        for (int i = 0; i < MOST_TO_FILL; i++) {
            dropped = isDropped() ? dropped + 1 : 0;
            if (dropped == DROPPED_IN_A_ROW) {
                return;
            }
        }
        throw new IOException("this system's queue takes more than " + MOST_TO_FILL);
    }

    private boolean isDropped() throws IOException {
        var socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(
                    new InetSocketAddress(listener.getInetAddress(), port()), DROPPED_AFTER_MILLIS);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @Override
    public void close() {
        waiting.forEach(FaultProxy::closeQuietly);
        FaultProxy.closeQuietly(listener);
    }
}
