package dev.outmail.console.settings;

import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.wire.EventCodec;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// A real test mail the way that all mail goes: published, and sent by whichever worker has its
/// partition, from that worker's host and by the settings that are saved. What became of it is
/// followed in the mailing log.
public final class WorkerTestPages implements Pages {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String MAX_BLOCK_MILLIS = "5000";

    private final Site site;
    private final Outcomes outcomes;
    private final Clock clock;

    /// What the mailing log has last of an event.
    public interface Outcomes {
        Optional<Told> of(String source, String id);
    }

    /// An outcome.
    ///
    /// @param words of the server, or the reason
    /// @param story where all of it is
    public record Told(String outcome, String worker, String by, String words, String story) {
        boolean isFine() {
            return outcome.equals("sent") || outcome.equals("silenced");
        }
    }

    /// @param problem that kept it from being sent, or null
    /// @param since when it was published, in milliseconds since 1970
    /// @param told null while the log has nothing
    record WorkerTestPart(
            String profile,
            @Nullable String problem,
            String id,
            long since,
            @Nullable Told told,
            boolean goesOn) {}

    public WorkerTestPages(Site site, Outcomes outcomes, Clock clock) {
        this.site = site;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    @Override
    public void serve(RoutesConfig routes) {
        routes.post("/settings/{profile}/test-mail", this::send, Role.ADMIN);
        routes.get("/settings/{profile}/test-mail", this::follow, Role.ADMIN);
    }

    private void send(Context context) {
        var profile = OutgoingMailPages.profile(context);
        var to = Objects.requireNonNullElse(context.formParam("test-to"), "").strip();
        try {
            var event = TestMail.event(EmailAddress.parse(to).toString(), profile);
            site.audit().record(context, "settings.test-mail", profile, "by a worker, to " + to);
            publish(event);
            show(context, follow(profile, event.id().id(), clock.millis()));
        } catch (IllegalArgumentException e) {
            show(context, new WorkerTestPart(profile, e.getMessage(), "", 0, null, false));
        }
    }

    private void publish(MailEvent event) {
        var record =
                new ProducerRecord<>(
                        site.deployment().topics().events(),
                        event.id().toString().getBytes(StandardCharsets.UTF_8),
                        new EventCodec(site.deployment().limits()).encode(event));
        try (var producer =
                site.clients().producer("test-mail", Map.of("max.block.ms", MAX_BLOCK_MILLIS))) {
            var _ = producer.send(record).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the test mail can't be published", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private void follow(Context context) {
        var id = Objects.requireNonNullElse(context.queryParam("id"), "");
        var since = Objects.requireNonNullElse(context.queryParam("since"), "");
        show(
                context,
                follow(
                        OutgoingMailPages.profile(context),
                        id.matches("[a-z0-9-]{1,60}") ? id : "",
                        since.matches("\\d{1,18}") ? Long.parseLong(since) : 0));
    }

    private WorkerTestPart follow(String profile, String id, long since) {
        var told = outcomes.of(TestMail.SOURCE, id).orElse(null);
        boolean isEarly = clock.millis() - since < LONGEST.toMillis();
        return new WorkerTestPart(profile, null, id, since, told, told == null && isEarly);
    }

    private void show(Context context, WorkerTestPart part) {
        site.views().show(context, "settings/testmail.jte", part);
    }
}
