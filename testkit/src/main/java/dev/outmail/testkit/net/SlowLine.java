package dev.outmail.testkit.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// One direction of a connection: what is read is written later. Two threads, one that reads and
/// one that waits and writes, so that the delay limits nothing but when things arrive.
final class SlowLine {
    private static final int MOST_CHUNKS = 64;
    private static final int MOST_BYTES_IN_CHUNK = 16 * 1_024;

    /// @param bytes none for the end
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(byte[] bytes, long dueNanos) {}

    private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private final Socket from;
    private final Socket to;
    private final Duration delay;

    SlowLine(Socket from, Socket to, Duration delay) {
        this.from = from;
        this.to = to;
        this.delay = delay;
    }

    /// Carries until the end of the stream or until either socket is closed, then runs this.
    void start(Runnable ended) {
        Thread.ofVirtual().name("latency-read").start(this::read);
        Thread.ofVirtual()
                .name("latency-write")
                .start(() -> {
                    write();
                    ended.run();
                });
    }

    private void read() {
        try {
            byte[] buffer = new byte[MOST_BYTES_IN_CHUNK];
            int length = from.getInputStream().read(buffer);
            while (length > 0) {
                send(Arrays.copyOf(buffer, length));
                length = from.getInputStream().read(buffer);
            }
            from.shutdownInput();
        } catch (IOException e) {
            // A reset is passed on as an end.
            LatencyProxy.closeQuietly(from);
        }
        send(new byte[0]);
    }

    private void send(byte[] bytes) {
        try {
            underWay.put(new Chunk(bytes, System.nanoTime() + delay.toNanos()));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a line", e);
        }
    }

    private void write() {
        try {
            OutputStream out = to.getOutputStream();
            byte[] bytes = next();
            while (bytes.length > 0) {
                out.write(bytes);
                bytes = next();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // The reader must not wait for room that nobody makes.
            LatencyProxy.closeQuietly(from);
            LatencyProxy.closeQuietly(to);
            underWay.clear();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a line", e);
        }
    }

    private byte[] next() throws InterruptedException {
        Chunk chunk = underWay.take();
        long left = chunk.dueNanos() - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = chunk.dueNanos() - System.nanoTime();
        }
        return chunk.bytes();
    }
}
