package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.MailException;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.settings.SettingsStore;
import dev.outmail.wire.EventCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `outmail send`.
@Command(
        name = "send",
        description = "Delivers mail events instantly, in this process, and prints each outcome.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SendCommand implements Callable<Integer> {
    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "One event each; JSON lines where it ends in .jsonl or .ndjson. None, or -, is JSON lines on standard input.")
    private @Nullable List<String> files;

    @Spec private @Nullable CommandSpec spec;

    private int failed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        Preflight.topicsExist(deployment, KafkaOptions.clients(deployment));
        var out = out();
        var err = Objects.requireNonNull(spec).commandLine().getErr();
        var events = new EventFiles(new EventCodec(deployment.limits()), System.in, err);
        try (var outmail = Outmail.connect(deployment)) {
            requireSettings(deployment);
            events.forEach(
                    files,
                    (place, event) -> {
                        out.println(place + ": " + deliver(outmail, event));
                        out.flush();
                    });
        }
        return failed + events.malformed() == 0 ? Main.DONE : Main.FAILED;
    }

    /// Reads them while the connection does so too, which is given little time for it.
    private static void requireSettings(Deployment deployment) {
        var store = new SettingsStore(KafkaOptions.clients(deployment), deployment.topics());
        if (store.read().isEmpty()) {
            throw new Failure("There are no settings; save some with: outmail settings set");
        }
    }

    private String deliver(Outmail outmail, MailEvent event) {
        try {
            return switch (outmail.deliverNow(event)) {
                case Receipt.Delivered delivered ->
                        "sent by " + delivered.server() + ", Message-ID " + delivered.messageId();
                case Receipt.Silenced silenced -> "silenced, Message-ID " + silenced.messageId();
                case Receipt.Dropped dropped -> "dropped, " + dropped.why();
                case Receipt.Queued queued -> throw new IllegalStateException("queued");
                case Receipt.AwaitsCommit waiting ->
                        throw new IllegalStateException("awaits a commit");
            };
        } catch (MailException | InvalidMailEvent e) {
            failed++;
            return "not sent, " + e.getMessage();
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
