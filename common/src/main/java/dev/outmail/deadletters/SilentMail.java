package dev.outmail.deadletters;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicReader;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Mail that was silenced, released after all: each event gets the one attempt more that follows
/// its last, so that releasing it twice sends it once. By the settings of then, which may silence
/// it again.
public final class SilentMail {
    /// No more are released at once: whoever means all of a topic means something else.
    public static final int MOST = 100;

    private static final Map<String, String> BRIEF_FETCHES = Map.of("fetch.max.wait.ms", "10");

    private final KafkaClients clients;
    private final String topic;
    private final EventCodec codec;
    private final InstantSource clock;
    private final int maxRecordBytes;

    public SilentMail(
            KafkaClients clients, Topics topics, EventLimits limits, InstantSource clock) {
        this.clients = clients;
        this.topic = topics.events();
        this.codec = new EventCodec(limits);
        this.clock = clock;
        this.maxRecordBytes = Topics.maxRecordBytes(Topics.maxRecordBytes(limits.maxBytes()));
    }

    /// One mail that was silenced.
    ///
    /// @param partition of the events, where its record is
    /// @param attempts how many were made, the silent one among them
    public record Silenced(int partition, long offset, int attempts) {}

    /// Releases them; the results in the order of what was asked for.
    ///
    /// @throws IllegalArgumentException for more than [#MOST]
    public Map<Silenced, Result> release(Collection<Silenced> chosen) {
        if (chosen.size() > MOST) {
            throw new IllegalArgumentException(
                    "at most " + MOST + " mails are released at once, not " + chosen.size());
        }
        var results = new LinkedHashMap<Silenced, Result>();
        chosen.forEach(
                one -> results.put(one, new Result.Refused("its event is not there any more")));
        var config = Map.of("max.request.size", Integer.toString(maxRecordBytes));
        try (var producer = clients.producer("silent-mail", config)) {
            var sent = new HashMap<Silenced, Future<RecordMetadata>>();
            read(
                    chosen,
                    (one, record) ->
                            publish(producer, one, record)
                                    .ifPresentOrElse(
                                            future -> sent.put(one, future),
                                            () ->
                                                    results.put(
                                                            one,
                                                            new Result.Refused("it is no event"))));
            sent.forEach((one, future) -> results.put(one, result(future)));
        }
        return results;
    }

    private interface Use {
        void of(Silenced one, ConsumerRecord<byte[], byte[]> record);
    }

    private void read(Collection<Silenced> chosen, Use use) {
        var byPlace = new HashMap<TopicPartition, Map<Long, Silenced>>();
        for (var one : chosen) {
            byPlace.computeIfAbsent(
                            new TopicPartition(topic, one.partition()), place -> new HashMap<>())
                    .put(one.offset(), one);
        }
        try (var reader = new TopicReader(clients.consumer("silent-mail", BRIEF_FETCHES), topic)) {
            byPlace.forEach((place, offsets) ->
                    reader.each(
                            place,
                            new TreeSet<>(offsets.keySet()),
                            record -> {
                                var one = offsets.get(record.offset());
                                if (one != null) {
                                    use.of(one, record);
                                }
                            }));
        }
    }

    private Optional<Future<RecordMetadata>> publish(
            Producer<byte[], byte[]> producer,
            Silenced one,
            ConsumerRecord<byte[], byte[]> record) {
        if (!(codec.decode(record.value(), record.headers()) instanceof Decoded.Ok)) {
            return Optional.empty();
        }
        var again =
                new ProducerRecord<byte[], byte[]>(
                        topic, one.partition(), record.key(), record.value());
        record.headers()
                .forEach(header -> {
                    if (!header.key().startsWith(Headers.PREFIX)) {
                        again.headers().add(header);
                    }
                });
        int attempt = Math.min(Math.max(one.attempts(), 1), RetryState.MAX_ATTEMPT - 1) + 1;
        var retry =
                new RetryState(attempt, clock.instant(), null, one.partition(), null, List.of());
        again.headers().add(Headers.RETRY, RetryStateCodec.encode(retry));
        return Optional.of(producer.send(again));
    }

    private static Result result(Future<RecordMetadata> sent) {
        try {
            var unused = sent.get();
            return new Result.Done(Resolution.Kind.RELEASED);
        } catch (ExecutionException e) {
            return new Result.Failed("not published: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }
}
