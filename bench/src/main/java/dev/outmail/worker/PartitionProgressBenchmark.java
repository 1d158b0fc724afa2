package dev.outmail.worker;

import dev.outmail.worker.progress.PartitionProgress;
import java.util.BitSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to know the offset to commit, a record, when records end in any order? Beside
/// it a heap of the unfinished, from which one that is not the first is removed by search, and a
/// bitmap of the finished, which needs an end to how far ahead records may be. The offset is asked
/// for after each record, a hundred times as often as the intake does.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PartitionProgressBenchmark {
    private static final int RECORDS = 100_000;

    /// How many records are in delivery at a time.
    @Param({"100", "1000"})
    private int inFlight = 100;

    /// The order in which records end: each index once, none before it has begun.
    private int[] endings = {};

    @Setup
    public void shuffle() {
        var random = new Random(7);
        var open = IntStream.range(0, inFlight).toArray();
        endings = new int[RECORDS];
        for (int i = 0; i < RECORDS; i++) {
            int chosen = random.nextInt(Math.min(inFlight, RECORDS - i));
            endings[i] = open[chosen];
            int left = Math.min(inFlight, RECORDS - i) - 1;
            open[chosen] = i + inFlight < RECORDS ? i + inFlight : open[left];
        }
    }

    private interface Progress {
        void begin(int offset);

        void complete(int offset);

        long committable();
    }

    private long run(Progress progress) {
        long sum = 0;
        IntStream.range(0, inFlight).forEach(progress::begin);
        for (int i = 0; i < RECORDS; i++) {
            progress.complete(endings[i]);
            sum += progress.committable();
            if (i + inFlight < RECORDS) {
                progress.begin(i + inFlight);
            }
        }
        if (progress.committable() != RECORDS) {
            throw new IllegalStateException("at " + progress.committable());
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long partitionProgress() {
        var progress = new PartitionProgress();
        return run(
                new Progress() {
                    @Override
                    public void begin(int offset) {
                        progress.begin(offset, 0);
                    }

                    @Override
                    public void complete(int offset) {
                        progress.complete(offset);
                    }

                    @Override
                    public long committable() {
                        return progress.committable();
                    }
                });
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long priorityQueue() {
        var unfinished = new PriorityQueue<Integer>();
        return run(
                new Progress() {
                    private int next;

                    @Override
                    public void begin(int offset) {
                        unfinished.add(offset);
                        next = offset + 1;
                    }

                    @Override
                    public void complete(int offset) {
                        unfinished.remove(offset);
                    }

                    @Override
                    public long committable() {
                        var first = unfinished.peek();
                        return first == null ? next : first;
                    }
                });
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long bitSet() {
        var finished = new BitSet(RECORDS);
        return run(
                new Progress() {
                    private int first;

                    @Override
                    public void begin(int offset) {}

                    @Override
                    public void complete(int offset) {
                        finished.set(offset);
                    }

                    @Override
                    public long committable() {
                        first = finished.nextClearBit(first);
                        return first;
                    }
                });
    }
}
