package dev.outmail.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// What one mail of 2 KB costs, as it was measured on one machine, and how many went through there.
///
/// @param machine what the figures are figures of
/// @param cores that all processes shared
/// @param applicationMicros CPU time of the publisher, a mail
/// @param brokerMicros CPU time of the broker, which held the only copy, a mail
/// @param workerMicros CPU time of a worker, a mail
/// @param serverMicros CPU time of the mail server on the same machine, a mail
/// @param idleBroker CPU time of the broker a second while nothing happens, with four workers
/// @param idleWorker CPU time of each of four workers a second while nothing happens
/// @param eventBytes on the topic of the events, a mail, one copy
/// @param ledgerBytes on that of the ledger, before compaction
/// @param logBytes on that of the log
/// @param measured mails a second from the first publish to the last final dot, by workers; of runs
///   that the costs are not taken from
record UnitCosts(
        String machine,
        int cores,
        double applicationMicros,
        double brokerMicros,
        double workerMicros,
        double serverMicros,
        double idleBroker,
        double idleWorker,
        double eventBytes,
        double ledgerBytes,
        double logBytes,
        Map<Integer, Double> measured) {
    private static final String MEASURED = "measured.workers.";

    UnitCosts {
        measured = new TreeMap<>(measured);
    }

    static UnitCosts read(Path file) throws IOException {
        var read = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            read.load(reader);
        }
        var measured = new TreeMap<Integer, Double>();
        for (var name : read.stringPropertyNames()) {
            if (name.startsWith(MEASURED)) {
                measured.put(
                        Integer.parseInt(name.substring(MEASURED.length())), number(read, name));
            }
        }
        return new UnitCosts(
                read.getProperty("machine", "unknown"),
                (int) number(read, "cores"),
                number(read, "cpu.application.micros"),
                number(read, "cpu.broker.micros"),
                number(read, "cpu.worker.micros"),
                number(read, "cpu.server.micros"),
                number(read, "idle.broker.cores"),
                number(read, "idle.worker.cores"),
                number(read, "bytes.event"),
                number(read, "bytes.ledger"),
                number(read, "bytes.log"),
                measured);
    }

    private static double number(Properties read, String name) throws IOException {
        var written = read.getProperty(name);
        try {
            return Double.parseDouble(String.valueOf(written));
        } catch (NumberFormatException e) {
            throw new IOException(name + " is no number: " + written, e);
        }
    }

    void write(Path file) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("machine", machine);
        lines.put("cores", Integer.toString(cores));
        lines.put("cpu.application.micros", written(applicationMicros));
        lines.put("cpu.broker.micros", written(brokerMicros));
        lines.put("cpu.worker.micros", written(workerMicros));
        lines.put("cpu.server.micros", written(serverMicros));
        lines.put("idle.broker.cores", String.format(Locale.ROOT, "%.4f", idleBroker));
        lines.put("idle.worker.cores", String.format(Locale.ROOT, "%.4f", idleWorker));
        lines.put("bytes.event", written(eventBytes));
        lines.put("bytes.ledger", written(ledgerBytes));
        lines.put("bytes.log", written(logBytes));
        measured.forEach((workers, rate) -> lines.put(MEASURED + workers, written(rate)));
        var text = new StringBuilder("# Made by: bench/run scale --measure\n");
        lines.forEach((key, value) -> text.append(key + "=" + value + "\n"));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String written(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
