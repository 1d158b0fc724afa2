package dev.outmail.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.LetterSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// One peer as a program of its own, so that its CPU time can be told from everybody else's:
/// `PeerMain PEER SIZE HOST PORT CONNECTIONS KAFKA`.
///
/// Each line on its standard input is a number of mails to send; each answer is a line of [#SENT],
/// the nanoseconds that took, the nanoseconds of CPU time that this process used for it, and the
/// nanoseconds for which it was compiling meanwhile.
public final class PeerMain {
    public static final String SENT = "bench-sent";

    /// What it says first.
    public static final String READY = "bench-ready";

    private PeerMain() {}

    public static void main(String[] arguments) {
        int status = 0;
        try {
            var kind = PeerKind.valueOf(arguments[0]);
            var size = LetterSize.valueOf(arguments[1]);
            int port = Integer.parseInt(arguments[3]);
            int connections = Integer.parseInt(arguments[4]);
            serve(kind, size, new Target(arguments[2], port, connections, arguments[5]));
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        // Some peers' threads would keep the process.
        System.exit(status);
    }

    private static void serve(PeerKind kind, LetterSize size, Target target) throws Exception {
        try (var peer = kind.open(target)) {
            System.out.println(READY);
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                send(peer, new Batch(size, Integer.parseInt(line)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("nobody is there to say what to send", e);
        }
    }

    private static void send(Peer peer, Batch batch) throws Exception {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long compiling = compilingNanos();
        long start = System.nanoTime();
        peer.send(batch);
        long took = System.nanoTime() - start;
        long used = system.getProcessCpuTime() - cpu;
        long compiled = compilingNanos() - compiling;
        peer.disconnect();
        System.out.println(SENT + " " + took + " " + used + " " + compiled);
    }

    private static long compilingNanos() {
        long millis = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
