package dev.outmail.console.log;

import dev.outmail.delivery.Printable;
import dev.outmail.mail.EventLimits;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.Json;
import dev.outmail.wire.LogEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// The subjects of events. The log does not have them, as it holds nothing of what mails say; they
/// are read from the events themselves, as far as these are still there. Of the thread that feeds
/// the index.
final class Subjects {
    private static final int MAX_SUBJECT = 200;
    private static final int REMEMBERED = 50_000;
    private static final int WORTH_READING_ON = 2_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLLS = 50;

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final EventCodec codec;
    private final JsonMapper json;

    /// Of events that were read lately; empty for those without one.
    private final Map<Place, String> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Place, String> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private final Map<Integer, Long> positions = new HashMap<>();

    private record Place(int partition, long offset) {}

    /// @param consumer of this class's own
    Subjects(Consumer<byte[], byte[]> consumer, String topic, EventLimits limits) {
        this.consumer = consumer;
        this.topic = topic;
        this.codec = new EventCodec(limits);
        this.json = Json.mapper(limits.maxBytes());
    }

    /// Reads those that entries will be asked for.
    void prepare(List<LogEntry> entries) {
        var wanted = new HashMap<Integer, NavigableSet<Long>>();
        for (var entry : entries) {
            var record = entry.record();
            if (record != null
                    && record.topic().equals(topic)
                    && !known.containsKey(new Place(record.partition(), record.offset()))) {
                wanted.computeIfAbsent(record.partition(), partition -> new TreeSet<>())
                        .add(record.offset());
            }
        }
        wanted.forEach(this::read);
    }

    /// One stretch after the other, each from where it begins to where it ends.
    private void read(int partition, NavigableSet<Long> offsets) {
        var place = new TopicPartition(topic, partition);
        consumer.assign(List.of(place));
        for (int polls = 0; !offsets.isEmpty() && polls < POLLS; polls++) {
            long next = offsets.first();
            long position = positions.getOrDefault(partition, -1L);
            if (position < 0 || next < position || next - position > WORTH_READING_ON) {
                position = next;
            }
            consumer.seek(place, position);
            for (var record : consumer.poll(POLL).records(place)) {
                known.put(new Place(partition, record.offset()), subject(record).orElse(""));
            }
            long reached = consumer.position(place);
            positions.put(partition, reached);
            offsets.removeIf(offset -> offset < reached);
        }
    }

    /// That of an entry's event; null where it can't be read.
    @Nullable String of(LogEntry entry) {
        var record = entry.record();
        return record == null ? null : known.get(new Place(record.partition(), record.offset()));
    }

    /// Without a look at the rest, which may be large.
    private Optional<String> subject(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try (var parser = json.createParser(codec.document(record.value(), record.headers()))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                var value = parser.nextToken();
                if (name.equals("subject")) {
                    return value == JsonToken.VALUE_STRING
                            ? Optional.of(beginning(parser.getString()))
                            : Optional.empty();
                }
                if (name.startsWith("message")) {
                    return finished(record);
                }
                parser.skipChildren();
            }
        } catch (JacksonException e) {
            // no event: the log says so
        }
        return Optional.empty();
    }

    /// That of a finished message, which is in its header.
    private Optional<String> finished(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(record.value(), record.headers()) instanceof Decoded.Ok ok
                ? Optional.of(beginning(ok.event().content().subject()))
                : Optional.empty();
    }

    private static String beginning(String subject) {
        var printable = Printable.of(subject);
        return printable.length() <= MAX_SUBJECT
                ? printable
                : printable.substring(0, MAX_SUBJECT) + "…";
    }
}
