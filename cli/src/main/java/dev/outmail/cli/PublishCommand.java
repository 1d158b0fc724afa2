package dev.outmail.cli;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.wire.EventCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `outmail publish`.
@Command(
        name = "publish",
        description = "Publishes mail events for delivery in the background.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PublishCommand implements Callable<Integer> {
    private static final int UNCONFIRMED = 1_000;

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only what went wrong")
    private boolean quiet;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "One event each; JSON lines where it ends in .jsonl or .ndjson. None, or -, is JSON lines on standard input.")
    private @Nullable List<String> files;

    @Spec private @Nullable CommandSpec spec;

    private final ArrayDeque<Published> unconfirmed = new ArrayDeque<>();
    private int triesLeft = 20;
    private int confirmed;
    private int failed;

    private record Published(String place, CompletableFuture<Receipt.Queued> receipt) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        Preflight.topicsExist(deployment, KafkaOptions.clients(deployment));
        var events = new EventFiles(new EventCodec(deployment.limits()), System.in, err());
        try (var outmail = Outmail.connect(deployment);
                var progress = Progress.of("Publishing", -1, err())) {
            events.forEach(
                    files,
                    (place, event) -> {
                        publish(outmail, place, event);
                        if (unconfirmed.size() >= UNCONFIRMED) {
                            confirmNext();
                        }
                        progress.to(confirmed);
                    });
            while (!unconfirmed.isEmpty()) {
                confirmNext();
                progress.to(confirmed);
            }
        }
        int notPublished = failed + events.malformed();
        if (!quiet) {
            out().println(
                            "Published "
                                    + confirmed
                                    + (notPublished == 0 ? "" : ", not published " + notPublished));
            out().flush();
        }
        return notPublished == 0 ? Main.DONE : Main.FAILED;
    }

    private void publish(Outmail outmail, String place, MailEvent event) {
        try {
            unconfirmed.add(new Published(place, taken(outmail, event)));
        } catch (InvalidMailEvent e) {
            report(place, e);
        }
    }

    /// Publishes again what was refused at once, which Kafka never saw: the buffer is full, or a
    /// busy machine has not told where the topic is. The tries are for all events together.
    private CompletableFuture<Receipt.Queued> taken(Outmail outmail, MailEvent event) {
        var receipt = outmail.publish(event);
        while (receipt.isCompletedExceptionally() && triesLeft > 0) {
            triesLeft--;
            receipt = outmail.publish(event);
        }
        return receipt;
    }

    private void confirmNext() {
        var next = unconfirmed.remove();
        try {
            next.receipt().join();
            confirmed++;
        } catch (CompletionException e) {
            report(next.place(), Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private void report(String place, Throwable failure) {
        failed++;
        err().println(place + ": " + failure.getMessage());
        err().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
