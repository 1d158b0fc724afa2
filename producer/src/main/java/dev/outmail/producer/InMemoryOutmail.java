package dev.outmail.producer;

import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Timing;
import dev.outmail.wire.EventCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Outmail for an application's tests: keeps what is sent, checks it as the real one does, needs no
/// Kafka. All state is guarded by its monitor.
public final class InMemoryOutmail implements Outmail {
    private final EventCodec codec;
    private final List<MailEvent> queued = new ArrayList<>();
    private final List<MailEvent> delivered = new ArrayList<>();
    private final Map<EmailAddress, Timing> chosen = new HashMap<>();
    private @Nullable MailException failure;

    public InMemoryOutmail() {
        this(EventLimits.DEFAULT);
    }

    /// @param limits of the application's deployment
    public InMemoryOutmail(EventLimits limits) {
        codec = new EventCodec(limits);
    }

    /// Makes everything from now on fail like this; null for no more.
    public synchronized void failWith(@Nullable MailException chosen) {
        failure = chosen;
    }

    /// As new: nothing was sent, chosen or made to fail.
    public synchronized void clear() {
        queued.clear();
        delivered.clear();
        chosen.clear();
        failure = null;
    }

    /// What was sent or published for the background, in order.
    public synchronized List<MailEvent> queued() {
        return List.copyOf(queued);
    }

    /// What was delivered now, in order.
    public synchronized List<MailEvent> delivered() {
        return List.copyOf(delivered);
    }

    @Override
    public synchronized Receipt send(MailEvent event) {
        failIfAsked();
        return queue(codec.checked(event));
    }

    @Override
    public synchronized CompletableFuture<Receipt.Queued> publish(MailEvent event) {
        var checked = codec.checked(event);
        return failure == null
                ? CompletableFuture.completedFuture(queue(checked))
                : CompletableFuture.failedFuture(failure);
    }

    @Override
    public synchronized Receipt deliverNow(MailEvent event) {
        failIfAsked();
        delivered.add(codec.checked(event));
        return new Receipt.Delivered(MessageId.of(event), "in-memory", List.of());
    }

    /// Kept, and without effect, as there are no settings here that would let users choose.
    @Override
    public RecipientPreferences preferences() {
        return new RecipientPreferences() {
            @Override
            public Optional<Timing> show(String address) {
                synchronized (InMemoryOutmail.this) {
                    return Optional.ofNullable(chosen.get(EmailAddress.parse(address)));
                }
            }

            @Override
            public void set(String address, Timing timing) {
                synchronized (InMemoryOutmail.this) {
                    chosen.put(EmailAddress.parse(address), timing);
                }
            }

            @Override
            public void clear(String address) {
                synchronized (InMemoryOutmail.this) {
                    chosen.remove(EmailAddress.parse(address));
                }
            }
        };
    }

    private void failIfAsked() {
        if (failure != null) {
            throw failure;
        }
    }

    private Receipt.Queued queue(MailEvent event) {
        queued.add(event);
        return new Receipt.Queued("in-memory", 0, queued.size() - 1L);
    }

    @Override
    public Health health() {
        return new Health(true, true, Map.of(), Map.of());
    }

    @Override
    public void close() {}
}
