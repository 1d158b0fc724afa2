package dev.outmail.testkit.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// One direction of a connection: what is read is written later. Two threads, one that reads and
/// one that waits and writes, so that the delay limits nothing but when things arrive.
final class SlowLine {
    private static final int MOST_CHUNKS = 64;
    private static final int MOST_BYTES_IN_CHUNK = 16 * 1_024;
    private static final long BETWEEN_SLICES_NANOS = 200_000;

    /// @param bytes none for the end
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(byte[] bytes, long dueNanos) {}

    private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private final Socket from;
    private final Socket to;
    private final Weather weather;

    SlowLine(Socket from, Socket to, Weather weather) {
        this.from = from;
        this.to = to;
        this.weather = weather;
    }

    /// Carries until the end of the stream or until either socket is closed, then runs this.
    void start(Runnable ended) {
        Thread.ofVirtual().name("proxy-read").start(this::read);
        Thread.ofVirtual()
                .name("proxy-write")
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
            FaultProxy.closeQuietly(from);
        }
        send(new byte[0]);
    }

    private void send(byte[] bytes) {
        try {
            underWay.put(new Chunk(bytes, System.nanoTime() + weather.latency().toNanos()));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a line", e);
        }
    }

    private void write() {
        try {
            OutputStream out = to.getOutputStream();
            long left = weather.cutAfter();
            byte[] bytes = next();
            while (bytes.length > 0) {
                int fitting = (int) Math.min(left, bytes.length);
                write(out, bytes, fitting);
                left -= fitting;
                if (left == 0) {
                    FaultProxy.resetQuietly(to);
                    FaultProxy.resetQuietly(from);
                    throw new IOException("cut, as the weather says");
                }
                bytes = next();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // The reader must not wait for room that nobody makes.
            FaultProxy.closeQuietly(from);
            FaultProxy.closeQuietly(to);
            underWay.clear();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a line", e);
        }
    }

    private void write(OutputStream out, byte[] bytes, int length) throws IOException {
        int slice = Math.min(length, Math.min(weather.slice(), sliceOfASecond()));
        for (int at = 0; at < length; at += slice) {
            int size = Math.min(slice, length - at);
            if (weather.bytesPerSecond() != Weather.UNLIMITED) {
                parkUntil(System.nanoTime() + size * 1_000_000_000L / weather.bytesPerSecond());
            } else if (at > 0) {
                // this one shall not be read together with the one before
                parkUntil(System.nanoTime() + BETWEEN_SLICES_NANOS);
            }
            out.write(bytes, at, size);
        }
    }

    /// A tenth of what may pass in a second, so that it passes evenly.
    private int sliceOfASecond() {
        return Math.clamp(weather.bytesPerSecond() / 10, 1, MOST_BYTES_IN_CHUNK);
    }

    private static void parkUntil(long dueNanos) {
        for (long left = dueNanos - System.nanoTime();
                left > 0;
                left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private byte[] next() throws InterruptedException {
        Chunk chunk = underWay.take();
        parkUntil(chunk.dueNanos());
        return chunk.bytes();
    }
}
