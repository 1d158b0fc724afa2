package dev.outmail.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Carries signals within one process, at once: who tells has heard it when that returns.
final class LocalChannel implements BreakerChannel {
    private final LongSupplier nanoTime;
    private volatile @Nullable Listener listener;

    LocalChannel(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void tell(String server, BreakerSignal signal) {
        var hears = listener;
        if (hears != null) {
            hears.heard(server, signal, now());
        }
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plus(Duration.ofNanos(nanoTime.getAsLong()));
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }
}
