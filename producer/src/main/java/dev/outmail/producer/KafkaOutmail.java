package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.fleet.FleetReporter;
import dev.outmail.fleet.Member;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.preferences.TimingDecision;
import dev.outmail.settings.SettingsTail;
import dev.outmail.settings.Timing;
import dev.outmail.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Outmail over Kafka.
final class KafkaOutmail implements Outmail {
    /// How long a caller is kept waiting, settings that were not read yet and Kafka's answer
    /// together: half a second, but for what a busy machine takes to wake the caller up.
    private static final Duration SEND_DEADLINE = Duration.ofMillis(450);

    private static final Duration SETTINGS_DEADLINE = Duration.ofMillis(200);

    /// After which those who save settings don't wait for this program any more.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final EventCodec codec;
    private final SettingsTail settings;
    private final Thread settingsThread;
    private final PreferencesView preferencesView;
    private final StoredPreferences preferences;
    private final Publisher publisher;
    private final InstantDelivery instant;
    private final FleetReporter reporter;
    private final Thread reporterThread;
    private final Thread exitHook = new Thread(this::flushAtExit, "outmail-exit");

    private KafkaOutmail(Deployment deployment) {
        var clients = deployment.clients("outmail");
        codec = new EventCodec(deployment.limits());
        settings = new SettingsTail(clients, deployment.topics(), deployment.locks());
        settingsThread = Thread.ofPlatform().name("outmail-settings").daemon().unstarted(settings);
        preferencesView = new PreferencesView(deployment, clients);
        settings.onChange(preferencesView::settingsChanged);
        preferences = new StoredPreferences(clients, deployment.topics());
        publisher = new Publisher(deployment, clients);
        instant = new InstantDelivery(deployment, clients, settings);
        var since = InstantSource.system().instant();
        reporter =
                new FleetReporter(
                        clients,
                        deployment.topics().workers(),
                        deployment.worker().id(),
                        () -> describe(deployment, since));
        instant.onApplied(reporter::changed);
        settings.onRefusal(reporter::changed);
        reporterThread = Thread.ofPlatform().name("outmail-presence").daemon().unstarted(reporter);
    }

    static Outmail connect(Deployment deployment) {
        KafkaVersion.requireSafe();
        var outmail = new KafkaOutmail(deployment);
        Runtime.getRuntime().addShutdownHook(outmail.exitHook);
        outmail.reporterThread.start();
        outmail.settingsThread.start();
        outmail.publisher.start();
        outmail.instant.start();
        return outmail;
    }

    /// As one of those who save settings wait for.
    private Member describe(Deployment deployment, Instant since) {
        return new Member(
                deployment.worker().id(),
                Member.Kind.APPLICATION,
                Member.ownVersion(),
                deployment.hostName(),
                since,
                SILENCE,
                List.of(),
                0,
                instant.applied(),
                settings.refused(),
                deployment.locks().all(),
                Map.of());
    }

    @Override
    public Receipt send(MailEvent event) {
        long started = System.nanoTime();
        awaitSettings(SETTINGS_DEADLINE);
        return switch (timing(event, started + SETTINGS_DEADLINE.toNanos())) {
            case INSTANTLY -> deliverNow(event);
            case IN_BACKGROUND -> await(event, started + SEND_DEADLINE.toNanos());
        };
    }

    /// Until the settings were read, nobody knows the timing; in the background is then the safe
    /// one.
    private void awaitSettings(Duration timeout) {
        try {
            settings.awaitRead(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Timing timing(MailEvent event, long deadlineNanos) {
        var now = settings.snapshot();
        if (TimingDecision.chooser(event, now).isPresent()) {
            preferencesView.awaitRead(left(deadlineNanos));
        }
        return TimingDecision.decide(event, now, preferencesView.preferences());
    }

    private Receipt await(MailEvent event, long deadlineNanos) {
        var publication = publication(event);
        try {
            long left = Math.max(0, deadlineNanos - System.nanoTime());
            return publication.receipt().get(left, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MailException known
                    ? known
                    : notAccepted(event, "Kafka did not confirm the event", e.getCause());
        } catch (TimeoutException e) {
            publisher.withdraw(publication);
            throw notAccepted(event, "Kafka did not confirm the event within half a second", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            publisher.withdraw(publication);
            throw notAccepted(event, "interrupted while Kafka had not confirmed the event", e);
        }
    }

    private static MailNotAccepted notAccepted(
            MailEvent event, String why, @Nullable Throwable cause) {
        return new MailNotAccepted(why + ": " + event.id(), List.of(event.id()), cause);
    }

    @Override
    public CompletableFuture<Receipt.Queued> publish(MailEvent event) {
        return publication(event).receipt();
    }

    private Publication publication(MailEvent event) {
        return publisher.publish(event.id(), key(event), codec.encode(event));
    }

    /// Mails of a thread, or else to the same recipient, keep their order. Of several recipients it
    /// is the first by the alphabet: an event that is published again, with its recipients in
    /// whatever order, comes to the partition whose ledger knows it.
    private static byte[] key(MailEvent event) {
        var conversation = event.content().conversation();
        var key =
                conversation != null
                        ? event.id().source() + "#" + conversation
                        : firstRecipient(event);
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static String firstRecipient(MailEvent event) {
        return event.addressing().recipients().stream()
                .map(EmailAddress::toString)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public Receipt deliverNow(MailEvent event) {
        var checked = codec.checked(event);
        awaitSettings(Publisher.DEADLINE);
        return instant.deliver(checked);
    }

    @Override
    public RecipientPreferences preferences() {
        return preferences;
    }

    @Override
    public Health health() {
        var now = settings.snapshot();
        var revisions = new TreeMap<String, Long>();
        now.profiles().forEach((profile, its) -> revisions.put(profile, its.revision()));
        return new Health(reporter.isAnswered(), settings.hasRead(), revisions, now.unusable());
    }

    /// A program that ends without closing this loses nothing in silence either: what it throws the
    /// JVM prints, for a program that logs nothing. It is not closed: whoever else is about to stop
    /// may still publish.
    private void flushAtExit() {
        long deadline = System.nanoTime() + Publisher.DEADLINE.toNanos();
        try {
            publisher.flushAtExit(Publisher.DEADLINE);
        } finally {
            instant.flushAtExit(left(deadline));
        }
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + Publisher.DEADLINE.toNanos();
        try {
            publisher.close(Publisher.DEADLINE);
        } finally {
            instant.close(left(deadline));
            reporter.close(left(deadline));
            settings.close();
            preferencesView.close();
            preferences.close(left(deadline));
            forgetExit();
        }
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // the program is ending, and the hook has nothing left to do
        }
    }
}
