package dev.outmail.producer;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Outmail that an application's own Micrometer registry watches: the timer `outmail.client.send`
/// has how long calls took, with the tags `method` (`send`, `publish`, `deliver-now`) and `result`
/// (`queued`, `delivered`, `silenced`, `dropped`, `awaits-commit`; `rejected`, `deferred`, `held`,
/// `in-doubt`, `not-accepted`; `invalid`; `failed` where something else went wrong).
///
/// ```java
/// Outmail mail = MeteredOutmail.of(Outmail.connect(config), registry);
/// ```
///
/// For this, the application brings `micrometer-core` along.
public final class MeteredOutmail implements Outmail {
    private final Outmail outmail;
    private final MeterRegistry registry;
    private final MeterProvider<Timer> timers;

    private MeteredOutmail(Outmail outmail, MeterRegistry registry) {
        this.outmail = outmail;
        this.registry = registry;
        this.timers =
                Timer.builder("outmail.client.send")
                        .description("From a call until what became of its mail was known")
                        .publishPercentileHistogram()
                        .withRegistry(registry);
    }

    /// The same Outmail, watched; closing it closes that.
    public static Outmail of(Outmail outmail, MeterRegistry registry) {
        return new MeteredOutmail(outmail, registry);
    }

    @Override
    public Receipt send(MailEvent event) {
        return timed("send", () -> outmail.send(event));
    }

    @Override
    public Receipt deliverNow(MailEvent event) {
        return timed("deliver-now", () -> outmail.deliverNow(event));
    }

    private Receipt timed(String method, Supplier<Receipt> call) {
        var sample = Timer.start(registry);
        try {
            var receipt = call.get();
            stop(sample, method, result(receipt));
            return receipt;
        } catch (RuntimeException e) {
            stop(sample, method, result(e));
            throw e;
        }
    }

    /// Counted when Kafka has the event, or not.
    @Override
    public CompletableFuture<Receipt.Queued> publish(MailEvent event) {
        var sample = Timer.start(registry);
        try {
            var published = outmail.publish(event);
            var unused =
                    published.whenComplete((receipt, failure) ->
                            stop(
                                    sample,
                                    "publish",
                                    failure == null ? result(receipt) : result(failure)));
            return published;
        } catch (RuntimeException e) {
            stop(sample, "publish", result(e));
            throw e;
        }
    }

    private void stop(Timer.Sample sample, String method, String result) {
        sample.stop(timers.withTags("method", method, "result", result));
    }

    private static String result(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Queued queued -> "queued";
            case Receipt.Delivered delivered -> "delivered";
            case Receipt.Silenced silenced -> "silenced";
            case Receipt.Dropped dropped -> "dropped";
            case Receipt.AwaitsCommit waiting -> "awaits-commit";
        };
    }

    private static String result(Throwable failure) {
        return switch (failure) {
            case MailException mail -> result(mail);
            case InvalidMailEvent invalid -> "invalid";
            default -> "failed";
        };
    }

    private static String result(MailException failure) {
        return switch (failure) {
            case MailRejected rejected -> "rejected";
            case MailDeferred deferred -> "deferred";
            case MailHeld held -> "held";
            case MailInDoubt doubt -> "in-doubt";
            case MailNotAccepted notAccepted -> "not-accepted";
        };
    }

    @Override
    public RecipientPreferences preferences() {
        return outmail.preferences();
    }

    @Override
    public Health health() {
        return outmail.health();
    }

    @Override
    public void close() {
        outmail.close();
    }
}
