package dev.outmail.submission.smtp;

import dev.outmail.submission.smtp.SmtpInMeters.End;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the door: a virtual thread for each connection, and one that looks after them all.
final class Listener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 1_024;
    private static final long LOOK_MILLIS = 1_000;
    private static final long AFTER_FAILURE_MILLIS = 100;

    private final Reception reception;
    private final ServerSocket door;
    private final Map<Conversation, Thread> conversations;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread doorman =
            Thread.ofPlatform().name("outmail-smtp-in").unstarted(this::admitAll);
    private final Thread watchman =
            Thread.ofPlatform().name("outmail-smtp-in-watch").unstarted(this::watch);

    /// Takes the port.
    ///
    /// @param conversations to be kept, empty
    Listener(Reception reception, Map<Conversation, Thread> conversations) throws IOException {
        this.reception = reception;
        this.conversations = conversations;
        this.door = open(reception.options().address(), reception.options().port());
    }

    static Map<Conversation, Thread> none() {
        return new ConcurrentHashMap<>();
    }

    private static ServerSocket open(String address, int port) throws IOException {
        var door = new ServerSocket();
        try {
            door.bind(new InetSocketAddress(address, port), BACKLOG);
            return door;
        } catch (IOException e) {
            door.close();
            throw new BindException(
                    "the port "
                            + port
                            + " on "
                            + address
                            + " can't be had ("
                            + e.getMessage()
                            + "); choose others with smtp-in.address and smtp-in.port");
        }
    }

    void start() {
        doorman.start();
        watchman.start();
    }

    int port() {
        return door.getLocalPort();
    }

    /// Whether clients are let in, and those that wait too long are ended.
    boolean isAtWork() {
        return doorman.isAlive() && watchman.isAlive();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void admitAll() {
        while (!isClosing()) {
            try {
                receive(door.accept());
            } catch (IOException e) {
                if (!isClosing()) {
                    log.atWarn()
                            .addKeyValue("cause", e.toString())
                            .log("No connection can be taken");
                    pause(AFTER_FAILURE_MILLIS);
                }
            }
        }
    }

    private void receive(Socket socket) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            admit(socket);
        } catch (IOException e) {
            // it has gone already
            socket.close();
        }
    }

    private void admit(Socket socket) throws IOException {
        if (conversations.size() >= reception.options().limits().connections()) {
            turnAway(socket);
            return;
        }
        var conversation = new Conversation(reception, socket);
        var thread =
                Thread.ofVirtual()
                        .name("outmail-smtp-in-", 0)
                        .unstarted(() -> {
                            try {
                                conversation.run();
                            } finally {
                                conversations.remove(conversation);
                            }
                        });
        conversations.put(conversation, thread);
        thread.start();
        if (isClosing()) {
            conversation.endWhenIdle();
        }
    }

    /// What is written here fits into any socket's buffer.
    private void turnAway(Socket socket) throws IOException {
        try (socket) {
            var wire = new Wire(socket);
            wire.send(Reply.of(421, "4.3.2", "Too many connections, please try again later"));
            wire.flush();
        }
        reception.meters().ended(End.TOO_MANY);
    }

    private void watch() {
        while (!pause(LOOK_MILLIS)) {
            conversations.keySet().forEach(Conversation::endIfOverdue);
            reception.clients().forget();
        }
    }

    /// Whether this is closing.
    private boolean pause(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Lets nobody in any more, and what is under way end.
    @Override
    public void close() {
        closing.countDown();
        try {
            door.close();
        } catch (IOException e) {
            log.atWarn().addKeyValue("cause", e.toString()).log("The port can't be closed");
        }
        conversations.keySet().forEach(Conversation::endWhenIdle);
        if (!awaitEnd(reception.options().drainTimeout())) {
            log.atWarn()
                    .addKeyValue("connections", conversations.size())
                    .log("Clients have not come to an end in time, and are cut off");
            conversations.keySet().forEach(Conversation::cut);
        }
    }

    private boolean awaitEnd(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        try {
            for (var thread : conversations.values()) {
                if (thread.getState() != Thread.State.NEW
                        && !thread.join(Duration.ofNanos(deadlineNanos - System.nanoTime()))) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
