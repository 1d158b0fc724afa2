package dev.outmail.cli;

import dev.outmail.kafka.TopicReader;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail log`.
@Command(
        name = "log",
        description = {
            "Shows the mailing log: one line for each outcome, oldest first.",
            "With --held: mail in doubt that waits for a person, and what is to become of it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LogCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Stay and show what comes")
    private boolean follow;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            defaultValue = "100",
            description = "The last N entries (default: ${DEFAULT-VALUE})")
    private int last;

    @Option(
            names = "--event",
            paramLabel = "ID",
            description = "Only the event with this id, however far back")
    private @Nullable String event;

    @Option(names = "--json", description = "One JSON object a line, as on the topic")
    private boolean json;

    @Mixin private HeldOptions held = new HeldOptions();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (last < 0) {
            throw Failure.wrongUsage("--last must be 0 or more");
        }
        held.check();
        if (held.asked()) {
            if (follow) {
                throw Failure.wrongUsage("--held shows what there is now: leave out --follow");
            }
            return held.run(kafka, event, json, out(), err());
        }
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicExists(deployment.topics().log(), clients);
        var consumer = clients.consumer("log", Map.of());
        try (var log = new TopicReader(consumer, deployment.topics().log())) {
            var existing = existing(log);
            existing.forEach(this::print);
            // A reader that has gone, such as head(1), is noticed with the next entry; picocli's
            // writer does not tell.
            while (follow && !System.out.checkError()) {
                consumer.poll(POLL).forEach(this::show);
            }
            return event == null || !existing.isEmpty() ? Main.DONE : notFound();
        }
    }

    private int notFound() {
        err().println("The log has no entry for an event '" + event + "'");
        err().flush();
        return Main.FAILED;
    }

    /// The entries asked for that are there now, oldest first.
    private List<ConsumerRecord<byte[], byte[]>> existing(TopicReader log) {
        var starts = new HashMap<>(log.beginnings());
        if (event == null) {
            log.ends().forEach((p, end) -> starts.merge(p, end - last, Math::max));
        }
        var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        log.toEnd(
                starts,
                record -> {
                    if (matches(record)) {
                        all.add(record);
                    }
                });
        all.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return event != null ? all : all.subList(Math.max(0, all.size() - last), all.size());
    }

    private void show(ConsumerRecord<byte[], byte[]> record) {
        if (matches(record)) {
            print(record);
        }
    }

    /// The id may be given alone, or with its source as this command prints it.
    private boolean matches(ConsumerRecord<byte[], byte[]> record) {
        var wanted = event;
        return wanted == null
                || LogEntryCodec.decode(record.value())
                        .map(LogEntry::event)
                        .map(e -> wanted.equals(e.id()) || wanted.equals(e.source() + "#" + e.id()))
                        .orElse(false);
    }

    private void print(ConsumerRecord<byte[], byte[]> record) {
        var out = out();
        if (json) {
            out.println(new String(record.value(), StandardCharsets.UTF_8));
        } else {
            out.println(
                    LogEntryCodec.decode(record.value())
                            .map(LogCommand::line)
                            .orElse("(an entry that can't be read)"));
        }
        out.flush();
    }

    private static String line(LogEntry entry) {
        var event = entry.event();
        var recipients =
                entry.recipients().stream()
                        .map(LogCommand::recipient)
                        .collect(Collectors.joining(","));
        return "%s %-9s %s attempt=%d %s%s to=%s queued=%s took=%s %s"
                .formatted(
                        entry.at(),
                        entry.outcome().wireName(),
                        event == null ? position(entry) : event.source() + "#" + event.id(),
                        entry.attempt(),
                        entry.connection() == null ? "" : "by=" + entry.connection() + " ",
                        "revision=" + entry.revision(),
                        recipients.isEmpty() ? "-" : recipients,
                        millis(entry.queuedFor()),
                        millis(entry.took()),
                        entry.reason() + (entry.detail().isEmpty() ? "" : ": " + entry.detail()));
    }

    /// Who is kept back among others who get the mail would else look like one of them.
    private static String recipient(LogEntry.Recipient recipient) {
        return recipient.verdict().equals("dropped")
                ? recipient.address() + "(dropped)"
                : recipient.address();
    }

    private static String position(LogEntry entry) {
        var record = entry.record();
        return record == null
                ? "-"
                : record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
