package dev.outmail.cli.demo;

import dev.outmail.cli.Failure;
import dev.outmail.cli.LocalOutmail;
import dev.outmail.cli.Progress;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.SettingsStore;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// The demo: a broker, a worker and a mail catcher; sample events through them, by each connection.
public final class Demo {
    private static final String PROFILE = "default";
    private static final String FROM = "Outmail Demo <demo@example.com>";
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration STALLED = Duration.ofSeconds(60);
    private static final int FEW = 8;

    private final int count;
    private final long seed;
    private final PrintWriter err;
    private final LongSupplier nanoTime = System::nanoTime;

    /// @param count how many events to publish
    /// @param seed which events
    /// @param err where progress goes
    public Demo(int count, long seed, PrintWriter err) {
        this.count = count;
        this.seed = seed;
        this.err = err;
    }

    /// Runs it all.
    ///
    /// @param folder an empty one, for the broker's data and the recording sendmail
    public DemoReport run(Path folder) throws IOException, InterruptedException {
        var sendmail = RecordingSendmail.in(folder);
        say("Starting Kafka, a worker and a mail catcher");
        var config =
                Map.of(
                        "http.address", "127.0.0.1",
                        "http.port", "0",
                        "worker.id", "demo",
                        "smtp.localhost", "demo.localhost",
                        "native.sendmail", sendmail.command().toString());
        try (var outmail = LocalOutmail.start(folder.resolve("kafka"), 0, config);
                var catcher = MailCatcher.start(nanoTime);
                var mail = Outmail.connect(outmail.deployment());
                var log = new LogWatch(outmail.deployment())) {
            return run(new Stage(outmail, catcher, mail, log, sendmail));
        }
    }

    private record Stage(
            LocalOutmail outmail,
            MailCatcher catcher,
            Outmail mail,
            LogWatch log,
            RecordingSendmail sendmail) {}

    private DemoReport run(Stage stage) throws IOException, InterruptedException {
        var delivered = throughSmtp(stage);
        return new DemoReport(
                count,
                delivered.tally(),
                delivered.logged(),
                List.of(
                        few(stage, "silent", new Connection.Silent(), OutcomeName.SILENCED),
                        few(stage, "disabled", new Connection.Disabled(), OutcomeName.DROPPED),
                        few(stage, "native", new Connection.NativeMailer(), OutcomeName.SENT)));
    }

    private record Delivered(Tally tally, int logged) {}

    private Delivered throughSmtp(Stage stage) throws InterruptedException {
        connect(stage, smtp(stage.catcher().port()));
        var published = publish(stage.mail(), new SampleEvents("smtp", seed), count);
        var ids = ids(published.keySet());
        try (var progress = Progress.of("Delivering", count, err)) {
            long lastNews = nanoTime.getAsLong();
            int seen = 0;
            while (seen < count && nanoTime.getAsLong() - lastNews < STALLED.toNanos()) {
                stage.log().read(STEP);
                int now = stage.log().seen(ids);
                lastNews = now > seen ? nanoTime.getAsLong() : lastNews;
                seen = now;
                progress.to(seen);
            }
        }
        stage.log().read(STEP);
        return new Delivered(
                Tally.of(published, stage.catcher().arrivals()),
                stage.log().with(OutcomeName.SENT, ids));
    }

    private static Connection smtp(int port) {
        return new Connection.SmtpServer(
                "127.0.0.1",
                port,
                Connection.Security.NONE,
                null,
                Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS,
                null);
    }

    /// Publishes a few events under another connection and looks at what happened to each.
    private DemoReport.Few few(
            Stage stage, String name, Connection connection, OutcomeName expected)
            throws IOException, InterruptedException {
        connect(stage, connection);
        int arrivedBefore = stage.catcher().arrivals().size();
        int callsBefore = stage.sendmail().calls().size();
        var events = publish(stage.mail(), new SampleEvents(name, seed), FEW).keySet();
        var ids = ids(events);
        long deadline = nanoTime.getAsLong() + STALLED.toNanos();
        while (stage.log().seen(ids) < FEW && nanoTime.getAsLong() < deadline) {
            stage.log().read(STEP);
        }
        var calls = stage.sendmail().calls();
        return new DemoReport.Few(
                name,
                FEW,
                expected,
                stage.log().with(expected, ids),
                stage.catcher().arrivals().size() - arrivedBefore,
                calls.size() - callsBefore,
                connection instanceof Connection.NativeMailer ? events.size() : 0,
                connection instanceof Connection.NativeMailer ? givenToSendmail(events, calls) : 0);
    }

    private static int givenToSendmail(Collection<MailEvent> events, List<String> calls) {
        return (int)
                events.stream()
                        .filter(event ->
                                calls.stream().filter(call -> holds(call, event)).count() == 1)
                        .count();
    }

    private static boolean holds(String call, MailEvent event) {
        var recipients = event.addressing().recipients().stream().map(Object::toString).toList();
        int blank = call.indexOf("\n\n");
        var arguments = List.of(call.substring(0, blank).split("\n", -1));
        return call.contains(MessageId.of(event))
                && arguments
                        .subList(arguments.indexOf("--") + 1, arguments.size())
                        .equals(recipients);
    }

    private void connect(Stage stage, Connection connection) throws InterruptedException {
        var deployment = stage.outmail().deployment();
        var store = new SettingsStore(deployment.clients("demo"), deployment.topics());
        var sender = Mailbox.parse(FROM);
        var saved =
                store.update(
                        PROFILE,
                        settings ->
                                settings.withConnection(connection)
                                        .withSender(
                                                new Sender(
                                                        sender.address(), sender.name(), false)));
        if (!(saved instanceof SettingsStore.Saved.Ok ok)) {
            throw new IllegalStateException("the demo's settings were changed by someone else");
        }
        long revision = ok.settings().revision();
        if (!stage.outmail().worker().awaitRevision(PROFILE, revision, STALLED)) {
            throw new Failure(
                    "The worker did not read the settings within " + STALLED.toSeconds() + " s");
        }
    }

    private Map<MailEvent, Long> publish(Outmail mail, SampleEvents samples, int howMany) {
        var published = new LinkedHashMap<MailEvent, Long>();
        var receipts = new ArrayList<CompletableFuture<Receipt.Queued>>();
        for (int number = 0; number < howMany; number++) {
            var event = samples.event(number);
            published.put(event, nanoTime.getAsLong());
            receipts.add(mail.publish(event));
        }
        receipts.forEach(CompletableFuture::join);
        return published;
    }

    private static List<EventId> ids(Collection<MailEvent> events) {
        return events.stream().map(MailEvent::id).toList();
    }

    private void say(String what) {
        err.println(what);
        err.flush();
    }
}
