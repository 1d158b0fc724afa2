package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// A port on loopback, from opening to closing, and the thread that lets clients in.
final class Doorway implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountingSocket.Listener listener;
    private final Guest guest;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread acceptor;

    /// Takes care of a client.
    @FunctionalInterface
    interface Guest {
        /// Called in the thread that lets clients in, so it must not wait.
        ///
        /// @param closing is down when the doorway closes
        void enter(CountingSocket socket, CountDownLatch closing) throws IOException;
    }

    /// Opens.
    ///
    /// @param port 0 for any free one
    Doorway(int port, Guest guest) {
        this.guest = guest;
        try {
            listener = new CountingSocket.Listener(port);
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on port " + port, e);
        }
        acceptor = Thread.ofVirtual().name("scripted-smtp-accept").start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            // as closed as it gets
        }
        awaitAcceptor();
    }

    /// The port is free only when nobody waits at it any more.
    private void awaitAcceptor() {
        try {
            acceptor.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                guest.enter(listener.accept(), closing);
            } catch (IOException e) {
                // closed, or a client that was gone before it was accepted
            }
        }
    }
}
