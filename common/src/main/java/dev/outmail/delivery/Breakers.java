package dev.outmail.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// The breakers of all servers: those that this process uses, and those that others spoke of.
public final class Breakers {
    private final Identity identity;
    private final RetryPolicy policy;
    private final BreakerChannel channel;
    private final LongSupplier nanoTime;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// Breakers that agree with those of others.
    ///
    /// @param worker whose they are; for people who read the channel
    /// @param nanoTime a monotonic clock
    public Breakers(
            String worker, RetryPolicy policy, BreakerChannel channel, LongSupplier nanoTime) {
        this.identity = Identity.of(worker);
        this.policy = policy;
        this.channel = channel;
        this.nanoTime = nanoTime;
        channel.listen(new Ear());
    }

    /// Breakers of one process that agrees with nobody.
    public static Breakers alone(RetryPolicy policy, LongSupplier nanoTime) {
        return new Breakers("local", policy, new LocalChannel(nanoTime), nanoTime);
    }

    /// Calls the listener when messages that wait should ask again, since a server came back or
    /// went away; it must not block, nor call back.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Servers that are left alone now, and why.
    public Map<String, Reason> troubled() {
        var troubled = new TreeMap<String, Reason>();
        breakers.forEach((server, breaker) ->
                breaker.trouble().ifPresent(reason -> troubled.put(server, reason)));
        return troubled;
    }

    Breaker of(String server) {
        return breakers.computeIfAbsent(server, name -> breaker(name, channel));
    }

    /// A breaker of what no other process can use.
    Breaker ofOurOwn(String means) {
        var local = new LocalChannel(nanoTime);
        var breaker = breaker(means, local);
        local.listen(
                new BreakerChannel.Listener() {
                    @Override
                    public void heard(String server, BreakerSignal signal, Instant at) {
                        breaker.heard(signal, at);
                    }

                    @Override
                    public void lost(String server, BreakerSignal signal) {
                        breaker.lost(signal);
                    }
                });
        return breaker;
    }

    private Breaker breaker(String name, BreakerChannel over) {
        return new Breaker(
                name,
                over,
                identity,
                (kind, times, signal) -> policy.waitAfter(kind, times, spread(signal)),
                nanoTime,
                () -> listeners.forEach(Runnable::run));
    }

    /// The same for all who hear the signal, so that they agree on the wait.
    private static double spread(BreakerSignal signal) {
        return new Random(signal.id().hashCode()).nextDouble();
    }

    private final class Ear implements BreakerChannel.Listener {
        @Override
        public void heard(String server, BreakerSignal signal, Instant at) {
            of(server).heard(signal, at);
        }

        @Override
        public void lost(String server, BreakerSignal signal) {
            of(server).lost(signal);
        }
    }
}
