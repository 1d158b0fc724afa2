package dev.outmail.preferences;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicTail;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the compacted topic of preferences to its end, then follows it. It runs on the thread that
/// it is given, which owns the consumer.
///
/// Until the end was reached once nobody has chosen anything. Where it is read from the beginning
/// again, after Kafka was away, what was known before counts until that is done.
public final class PreferencesTail implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PreferencesTail.class);

    private final TopicTail tail;
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private volatile Preferences preferences = Preferences.none();

    /// As read so far; of the thread that runs, like what could not be read.
    private Preferences known = Preferences.none();

    private final Ignored ignored = new Ignored();

    public PreferencesTail(KafkaClients clients, Topics topics) {
        this.tail =
                new TopicTail(
                        () -> clients.consumer("preferences", Map.of()),
                        topics.preferences(),
                        new Follower());
    }

    private final class Follower implements TopicTail.Follower {
        @Override
        public void began() {
            known = Preferences.none();
        }

        @Override
        public void read(ConsumerRecord<byte[], byte[]> record) {
            switch (PreferenceCodec.decode(record.key(), record.value())) {
                case PreferenceCodec.Decoded.Chosen chosen ->
                        known.put(record.key(), chosen.timing());
                case PreferenceCodec.Decoded.Cleared cleared -> known.clear(record.key());
                case PreferenceCodec.Decoded.Malformed malformed ->
                        ignored.add(record.offset(), malformed.problem());
            }
        }

        @Override
        public void isUpToDate() {
            publish();
        }
    }

    private void publish() {
        ignored.tell();
        if (known == preferences) { // changes in place from now on
            return;
        }
        preferences = known;
        read.complete(null);
        log.atInfo()
                .addKeyValue("recipients", known.size())
                .addKeyValue("bytes", known.bytes())
                .log("Preferences read");
    }

    /// Records that were passed over since that was told last: thousands of them are one line.
    private static final class Ignored {
        private long records;
        private long lastOffset;
        private String lastProblem = "";

        void add(long offset, String problem) {
            records++;
            lastOffset = offset;
            lastProblem = problem;
        }

        void tell() {
            if (records > 0) {
                log.atWarn()
                        .addKeyValue("records", records)
                        .addKeyValue("lastOffset", lastOffset)
                        .addKeyValue("lastProblem", lastProblem)
                        .log("Malformed records of preferences are ignored");
                records = 0;
            }
        }
    }

    /// The preferences of the moment, which go on changing.
    public Preferences preferences() {
        return preferences;
    }

    /// Waits until the preferences were read to the end once; false when that took too long.
    public boolean awaitRead(Duration timeout) throws InterruptedException {
        try {
            read.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void run() {
        tail.run();
    }

    /// Ends [#run()]; what was known last stays at hand.
    @Override
    public void close() {
        tail.close();
    }
}
