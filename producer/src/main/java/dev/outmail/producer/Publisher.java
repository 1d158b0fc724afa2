package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.kafka.TraceContext;
import dev.outmail.mail.EventId;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts events on their topic and knows which of them Kafka has not confirmed. Every one ends in
/// time: confirmed, or as [MailNotAccepted].
final class Publisher {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    /// How long a caller may be held up, for Kafka to be there or for room in the buffer.
    static final Duration LONGEST_BLOCK = Duration.ofMillis(200);

    /// How long Kafka may take to confirm an event.
    static final Duration DEADLINE = Duration.ofSeconds(5);

    /// Kafka's client gives up a little earlier: its own count starts when it has the event, and
    /// its words say more than "no answer in time".
    private static final Duration CLIENT_DEADLINE = DEADLINE.minusMillis(500);

    /// For Kafka's client to let go of what it has not sent.
    private static final Duration TIME_TO_ABORT = Duration.ofMillis(300);

    /// What waits for Kafka, with the log entries' 8 MB no more than 32.
    private static final int BUFFER_BYTES = 24 << 20;

    private static final int IDS_IN_MESSAGE = 10;
    private static final int IDS_IN_LINE = 100;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Set<Publication> unconfirmed = ConcurrentHashMap.newKeySet();
    private final Deadlines deadlines = new Deadlines(DEADLINE);
    private final FirstEvents first;
    private final FailureLog failures = new FailureLog();
    private volatile boolean closed;

    Publisher(Deployment deployment, KafkaClients clients) {
        this.topic = deployment.topics().events();
        this.producer = clients.producer("events", config(deployment));
        this.first = new FirstEvents(bufferBytes(deployment), this::send);
    }

    /// Enough for the largest event, if that is more than others need.
    private static int bufferBytes(Deployment deployment) {
        return Math.max(BUFFER_BYTES, Topics.maxRecordBytes(deployment.limits().maxBytes()));
    }

    private static Map<String, String> config(Deployment deployment) {
        int maxRequest = Topics.maxRecordBytes(deployment.limits().maxBytes());
        return Map.of(
                "max.block.ms", Long.toString(LONGEST_BLOCK.toMillis()),
                "metadata.max.idle.ms", WarmUp.METADATA_MAX_IDLE_MILLIS,
                "delivery.timeout.ms", Long.toString(CLIENT_DEADLINE.toMillis()),
                "request.timeout.ms", "2000",
                "linger.ms", "1",
                "buffer.memory", Integer.toString(bufferBytes(deployment)),
                "max.request.size", Integer.toString(maxRequest));
    }

    void start() {
        WarmUp.start(producer, topic, first::release);
    }

    Publication publish(EventId event, byte[] key, byte[] value) {
        var publication = new Publication(event);
        unconfirmed.add(publication);
        deadlines.add(publication);
        var unused = publication.settled().whenComplete((done, failure) -> ended(publication));
        // after it was added: whoever closes sees it, or it sees that this is closed
        if (closed) {
            publication.fail(new IllegalStateException("this Outmail was closed"));
        } else {
            var record = new ProducerRecord<>(topic, key, value);
            TraceContext.put(Context.current(), record.headers());
            first.publish(publication, record);
        }
        publication.sent();
        return publication;
    }

    /// Whoever sent this waits no longer. Where Kafka's client has it, it goes its way.
    void withdraw(Publication publication) {
        first.withdraw(publication, new TimeoutException("Kafka was not found in time"));
    }

    private void ended(Publication publication) {
        unconfirmed.remove(publication);
        publication.failure().ifPresent(why -> failures.failed(publication.event(), why));
    }

    private void send(Publication publication, ProducerRecord<byte[], byte[]> record) {
        publication.handOver();
        try {
            var unused = producer.send(record, publication);
        } catch (KafkaException | IllegalStateException e) {
            // the latter where it was closed meanwhile
            publication.fail(e);
        }
    }

    /// Waits for what was published so far and then gives up the rest.
    ///
    /// @throws MailNotAccepted with all that were not confirmed
    void close(Duration atMost) {
        closed = true;
        // who has failed already was told, or is being told
        var open = unconfirmed.stream().filter(p -> !p.isDone()).toList();
        await(open, atMost.minus(TIME_TO_ABORT.multipliedBy(2)));
        abort(open);
        var left = notConfirmed(open);
        if (!left.isEmpty()) {
            log.atError()
                    .addKeyValue("events", left.size())
                    .log("Closed before Kafka confirmed all events; the exception has their ids");
            throw notAccepted(left, "Outmail was closed");
        }
    }

    /// Waits for what was published so far, when the program ends and nobody has closed this.
    /// Others may still publish.
    ///
    /// @throws MailNotAccepted with all that were not confirmed
    void flushAtExit(Duration atMost) {
        var open = List.copyOf(unconfirmed);
        await(open, atMost);
        var left = notConfirmed(open);
        for (int from = 0; from < left.size(); from += IDS_IN_LINE) {
            log.atError()
                    .addKeyValue("events", left.size())
                    .addKeyValue(
                            "ids", left.subList(from, Math.min(left.size(), from + IDS_IN_LINE)))
                    .log("The program ends, and Kafka has not confirmed these events");
        }
        if (!left.isEmpty()) {
            throw notAccepted(left, "the program ended");
        }
    }

    /// An interrupt ends the waiting.
    private static void await(Collection<Publication> open, Duration atMost) {
        var all = open.stream().map(Publication::settled).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(all).get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // who is left is told by the caller
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// On a thread of its own: Kafka's client waits for its own thread, which may hang in a lookup
    /// of a host's name.
    private void abort(Collection<Publication> open) {
        var aborted =
                CompletableFuture.runAsync(() -> producer.close(Duration.ZERO), Publisher::start);
        try {
            aborted.get(TIME_TO_ABORT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.atWarn().addKeyValue("cause", e.toString()).log("Kafka's client does not close");
        }
        open.forEach(one -> one.fail(new TimeoutException("closed")));
        await(open, TIME_TO_ABORT);
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().name("outmail-close").daemon().start(task);
    }

    private static List<EventId> notConfirmed(Collection<Publication> publications) {
        return publications.stream().filter(p -> !p.isConfirmed()).map(Publication::event).toList();
    }

    private static MailNotAccepted notAccepted(List<EventId> left, String end) {
        return new MailNotAccepted(
                "Kafka did not confirm "
                        + left.size()
                        + " events before "
                        + end
                        + ": "
                        + some(left),
                left,
                null);
    }

    private static String some(List<EventId> ids) {
        var first = ids.subList(0, Math.min(ids.size(), IDS_IN_MESSAGE));
        return first + (ids.size() > first.size() ? " and more" : "");
    }
}
