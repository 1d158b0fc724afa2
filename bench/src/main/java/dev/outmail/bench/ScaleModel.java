package dev.outmail.bench;

import java.time.Duration;

/// What many mails a second need, from what one costs. It knows processors, memory, disks and the
/// network by their unit costs; it does not know what else a large site runs into.
record ScaleModel(UnitCosts costs) {
    // What the table goes by beside the measurements.
    static final int REPLICAS = 3;
    static final double BUSY = 0.6;
    static final int WORKER_CORES = 4;
    static final int BROKER_CORES = 16;
    static final int LEDGER_BYTES_PER_ID = 64;
    static final int LEDGER_IDS_PER_PARTITION = 1_000_000;
    static final Duration LEDGER_WINDOW = Duration.ofHours(24);
    static final Duration EVENTS_KEPT = Duration.ofDays(14);
    static final Duration LOG_KEPT = Duration.ofDays(30);
    static final Duration LEDGER_KEPT = Duration.ofDays(7);
    static final Duration AT_SERVER = Duration.ofMillis(50);

    /// So many partitions a worker, that the loss of one spreads over the others.
    static final int PARTITIONS_PER_WORKER = 6;

    /// Events, ledger, log, dead letters and seven delays are partitioned alike.
    static final int TOPICS = 11;

    /// A follower reads and writes what a leader took; by weight of a leader's work.
    static final double FOLLOWER_SHARE = 0.5;

    private static final double MICROS = 1e-6;

    /// Mails a second from publisher to server where all share these cores: each mail takes a share
    /// of them, and what only waits for mails takes one, too.
    double onSharedCores(int workers) {
        double left = costs.cores() - costs.idleBroker() - workers * costs.idleWorker();
        return left / (perMail() * MICROS);
    }

    private double perMail() {
        return costs.applicationMicros()
                + costs.brokerMicros()
                + costs.workerMicros()
                + costs.serverMicros();
    }

    /// By how much the prediction is off what was measured; 0.1 for a tenth too much.
    double error(int workers, double measured) {
        return onSharedCores(workers) / measured - 1;
    }

    /// A site that carries a rate, in whole machines.
    record Site(
            double rate,
            int workers,
            int partitions,
            long connections,
            Duration window,
            double ledgerGigabytesPerWorker,
            double fullLedgerGigabytes,
            double publisherCores,
            double brokerCores,
            int brokers,
            int replicasPerBroker,
            double writtenMegabytesPerSecond,
            double readMegabytesPerSecond,
            double keptTerabytes) {}

    Site site(double rate) {
        double workerCores = rate * costs.workerMicros() * MICROS;
        int workers = machines(workerCores, WORKER_CORES) + 1;
        int partitions = PARTITIONS_PER_WORKER * workers;
        double brokerCores =
                rate * costs.brokerMicros() * MICROS * (1 + FOLLOWER_SHARE * (REPLICAS - 1));
        int brokers = Math.max(REPLICAS, machines(brokerCores, BROKER_CORES));
        double perMail = costs.eventBytes() + costs.ledgerBytes() + costs.logBytes();
        return new Site(
                rate,
                workers,
                partitions,
                Math.round(rate * AT_SERVER.toMillis() / 1e3 / BUSY),
                window(rate, partitions),
                gigabytes(
                        (double) PARTITIONS_PER_WORKER
                                * LEDGER_BYTES_PER_ID
                                * Math.min(
                                        LEDGER_IDS_PER_PARTITION,
                                        rate * LEDGER_WINDOW.toSeconds() / partitions)),
                gigabytes(rate * LEDGER_WINDOW.toSeconds() * LEDGER_BYTES_PER_ID),
                rate * costs.applicationMicros() * MICROS,
                brokerCores,
                brokers,
                TOPICS * partitions * REPLICAS / brokers,
                rate * perMail * REPLICAS / 1e6,
                rate * (costs.eventBytes() + perMail * (REPLICAS - 1)) / 1e6,
                rate
                        * REPLICAS
                        * (costs.eventBytes() * EVENTS_KEPT.toSeconds()
                                + costs.logBytes() * LOG_KEPT.toSeconds()
                                + costs.ledgerBytes() * LEDGER_KEPT.toSeconds())
                        / 1e12);
    }

    /// How far back the ledger remembers, with as many ids as it keeps by default.
    private static Duration window(double rate, int partitions) {
        var byIds =
                Duration.ofSeconds((long) ((double) LEDGER_IDS_PER_PARTITION * partitions / rate));
        return byIds.compareTo(LEDGER_WINDOW) < 0 ? byIds : LEDGER_WINDOW;
    }

    private static int machines(double cores, int coresEach) {
        return (int) Math.ceil(cores / (coresEach * BUSY));
    }

    private static double gigabytes(double bytes) {
        return bytes / 1e9;
    }
}
