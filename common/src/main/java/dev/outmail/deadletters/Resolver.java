package dev.outmail.deadletters;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.wire.EventCodec;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Does something about dead letters, and writes down who did what. Owned by one thread.
///
/// Many are under way at a time; each is published, acknowledged, then written down, acknowledged.
public final class Resolver implements AutoCloseable {
    private static final int MAX_UNDER_WAY = 200;
    private static final long BUFFER_BYTES = 32L << 20;

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final Plans plans;
    private final Signature signature;
    private final BiConsumer<LetterPosition, Result> report;
    private final ArrayDeque<UnderWay> published = new ArrayDeque<>();
    private final ArrayDeque<UnderWay> writtenDown = new ArrayDeque<>();

    private record UnderWay(
            LetterPosition letter, Action action, Future<RecordMetadata> acknowledged) {}

    Resolver(
            Producer<byte[], byte[]> producer,
            Topics topics,
            Plans plans,
            Signature signature,
            BiConsumer<LetterPosition, Result> report) {
        this.producer = producer;
        this.topics = topics;
        this.plans = plans;
        this.signature = signature;
        this.report = report;
    }

    /// One with a producer of its own.
    ///
    /// @param report is told what came of each letter, in no particular order
    /// @throws KafkaException when Kafka doesn't say how many partitions there are
    public static Resolver open(
            KafkaClients clients,
            Topics topics,
            EventLimits limits,
            InstantSource clock,
            Signature signature,
            BiConsumer<LetterPosition, Result> report) {
        var producer = clients.producer("dead-letters", producerConfig(limits));
        try {
            int partitions = producer.partitionsFor(topics.events()).size();
            var plans = new Plans(topics, new EventCodec(limits), partitions, clock);
            return new Resolver(producer, topics, plans, signature, report);
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    private static Map<String, String> producerConfig(EventLimits limits) {
        int maxRecordBytes = Topics.maxRecordBytes(Topics.maxRecordBytes(limits.maxBytes()));
        return Map.of(
                "max.request.size",
                Integer.toString(maxRecordBytes),
                "buffer.memory",
                Long.toString(Math.max(BUFFER_BYTES, 2L * maxRecordBytes)));
    }

    /// Begins to do it, waiting for others where many are under way.
    ///
    /// @throws InterruptException when interrupted while it waits
    /// @param before by which the letter was settled; null also where that is not to count
    public void begin(DeadLetter letter, @Nullable Resolution before, Action action) {
        var position = letter.position();
        switch (plans.plan(letter, before, action)) {
            case Plan.Publish publish -> publish(position, action, publish.record());
            case Plan.WriteDown nothing -> writeDown(position, action);
            case Plan.Settled settled -> report(position, new Result.Settled(settled.before()));
            case Plan.Refused refused -> report(position, new Result.Refused(refused.why()));
        }
    }

    /// What would come of it, of what can be told before.
    public Result foresee(DeadLetter letter, @Nullable Resolution before, Action action) {
        return switch (plans.plan(letter, before, action)) {
            case Plan.Publish publish -> new Result.Done(action.kind());
            case Plan.WriteDown nothing -> new Result.Done(action.kind());
            case Plan.Settled settled -> new Result.Settled(settled.before());
            case Plan.Refused refused -> new Result.Refused(refused.why());
        };
    }

    /// Waits until all that was begun is done, or has failed.
    public void finish() {
        while (!published.isEmpty()) {
            awaitPublished();
        }
        while (!writtenDown.isEmpty()) {
            awaitWrittenDown();
        }
    }

    private void publish(
            LetterPosition letter, Action action, ProducerRecord<byte[], byte[]> record) {
        if (published.size() >= MAX_UNDER_WAY) {
            awaitPublished();
        }
        try {
            published.add(new UnderWay(letter, action, producer.send(record)));
        } catch (KafkaException e) {
            report(letter, new Result.Failed("not published: " + e.getMessage()));
        }
    }

    private void awaitPublished() {
        var next = published.remove();
        try {
            await(next);
            writeDown(next.letter(), next.action());
        } catch (ExecutionException e) {
            report(next.letter(), new Result.Failed("not published: " + cause(e)));
        }
    }

    private void writeDown(LetterPosition letter, Action action) {
        if (writtenDown.size() >= MAX_UNDER_WAY) {
            awaitWrittenDown();
        }
        var record =
                LetterRecords.resolution(
                        topics.deadLetters(),
                        letter,
                        action.kind(),
                        signature.by(),
                        signature.why(),
                        action instanceof Action.CopyTo copy ? copy.mailbox().toString() : null);
        try {
            writtenDown.add(new UnderWay(letter, action, producer.send(record)));
        } catch (KafkaException e) {
            report(letter, notWrittenDown(e));
        }
    }

    private void awaitWrittenDown() {
        var next = writtenDown.remove();
        try {
            await(next);
            report(next.letter(), new Result.Done(next.action().kind()));
        } catch (ExecutionException e) {
            report(next.letter(), notWrittenDown(cause(e)));
        }
    }

    private static void await(UnderWay next) throws ExecutionException {
        try {
            var unused = next.acknowledged().get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Result notWrittenDown(Throwable cause) {
        return new Result.Failed("not written down: " + cause.getMessage());
    }

    private static Throwable cause(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private void report(LetterPosition letter, Result result) {
        report.accept(letter, result);
    }

    /// Ends what is under way, as far as Kafka answers in time.
    @Override
    public void close() {
        producer.close();
    }
}
