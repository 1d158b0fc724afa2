package dev.outmail.preferences;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outmail.kafka.CompactedTopic;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Timing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Reads and writes preferences on their topic. The last write counts; whoever reads afterwards
/// reads it. Safe for all threads: the producer, made for the first write, is guarded by the
/// monitor.
public final class PreferencesStore implements AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);

    /// Closing a consumer waits for its last fetch, and that for records that nobody needs: half a
    /// second by default.
    private static final Map<String, String> BRIEF_FETCHES = Map.of("fetch.max.wait.ms", "10");

    private static final Map<String, String> BRIEF_WRITES =
            Map.of(
                    "max.block.ms",
                    Long.toString(WRITE_TIMEOUT.toMillis()),
                    "delivery.timeout.ms",
                    Long.toString(WRITE_TIMEOUT.toMillis()),
                    "request.timeout.ms",
                    "2000",
                    "linger.ms",
                    "0");

    private final KafkaClients clients;
    private final String topic;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    public PreferencesStore(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topic = topics.preferences();
    }

    /// What a recipient chose. All of the topic is read for it: a second or two where a million
    /// have chosen.
    ///
    /// @throws KafkaException when Kafka did not answer
    public Optional<Timing> read(EmailAddress address) {
        var key = PreferenceCodec.key(address);
        var found = new TreeMap<String, Timing>();
        readToEnd(record -> {
            if (Arrays.equals(key, record.key())) {
                apply(found, record);
            }
        });
        return found.values().stream().findFirst();
    }

    /// What all recipients chose, by address.
    ///
    /// @throws KafkaException when Kafka did not answer
    public List<Preference> readAll() {
        var found = new TreeMap<String, Timing>();
        readToEnd(record -> apply(found, record));
        return found.entrySet().stream()
                .map(one -> new Preference(EmailAddress.parse(one.getKey()), one.getValue()))
                .toList();
    }

    private void readToEnd(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records) {
        try (var consumer = clients.consumer("preferences-read", BRIEF_FETCHES)) {
            new CompactedTopic(consumer, topic, records).readToEnd(READ_TIMEOUT);
        }
    }

    /// What is malformed changes nothing, as in applications.
    private static void apply(Map<String, Timing> known, ConsumerRecord<byte[], byte[]> record) {
        switch (PreferenceCodec.decode(record.key(), record.value())) {
            case PreferenceCodec.Decoded.Chosen chosen ->
                    known.put(new String(record.key(), UTF_8), chosen.timing());
            case PreferenceCodec.Decoded.Cleared cleared ->
                    known.remove(new String(record.key(), UTF_8));
            case PreferenceCodec.Decoded.Malformed malformed -> {}
        }
    }

    /// Sets what a recipient chose; returns when Kafka has it safely.
    ///
    /// @throws KafkaException when that is not known within some seconds; it may be repeated
    public void set(Preference preference) {
        write(preference.address(), PreferenceCodec.value(preference.timing()));
    }

    /// Takes back what a recipient chose, if anything; returns when Kafka has that safely.
    ///
    /// @throws KafkaException when that is not known within some seconds; it may be repeated
    public void clear(EmailAddress address) {
        write(address, null);
    }

    private void write(EmailAddress address, byte @Nullable [] value) {
        try {
            var written = producer().send(record(address, value));
            var unused = written.get(2 * WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unclear(e.getCause());
        } catch (TimeoutException e) {
            throw unclear(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(EmailAddress address, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, 0, PreferenceCodec.key(address), value);
    }

    private static KafkaException unclear(@Nullable Throwable cause) {
        return new KafkaException(
                "it is not known whether the preference was saved; save it again", cause);
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("it was closed");
        }
        if (producer == null) {
            producer = clients.producer("preferences", BRIEF_WRITES);
        }
        return producer;
    }

    @Override
    public void close() {
        close(WRITE_TIMEOUT);
    }

    /// Closes, waiting so long for what is being written.
    public synchronized void close(Duration timeout) {
        closed = true;
        if (producer == null) {
            return;
        }
        try {
            producer.close(timeout);
        } catch (InterruptException e) {
            // whoever writes is told what became of it
            Thread.currentThread().interrupt();
        }
    }
}
