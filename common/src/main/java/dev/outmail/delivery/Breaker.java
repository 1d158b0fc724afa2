package dev.outmail.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps messages away from a server that can't work: they wait unharmed, and one probe at a time
/// finds out whether it can again. What it knows of the server is what was said on a channel, by
/// this breaker and those of other workers; so all of them agree. It says how long to wait and
/// never waits. All state is guarded by its monitor.
final class Breaker {
    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    /// A second look while a signal of ours is on its way; that it came wakes who waits.
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    /// A signal that is not heard by then counts here all the same. A probe needs the others'
    /// consent, and waits longer for it than a channel takes to say that it can't carry it.
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    private static final Duration OVERDUE_CLAIM = Duration.ofSeconds(10);

    private final String server;
    private final BreakerChannel channel;
    private final Identity identity;
    private final BreakerView view;
    private final LongSupplier nanoTime;
    private final Runnable onChange;
    private final Map<String, OnItsWay> onTheirWay = new HashMap<>();
    private final Set<String> abandonedClaims = new HashSet<>();
    private @Nullable Claim claim;
    private String settings = "";

    /// @param server as [ServerKey] names it
    /// @param onChange called when messages that wait should ask again
    Breaker(
            String server,
            BreakerChannel channel,
            Identity identity,
            BreakerState.Waits waits,
            LongSupplier nanoTime,
            Runnable onChange) {
        this.server = server;
        this.channel = channel;
        this.identity = identity;
        this.view = new BreakerView(waits);
        this.nanoTime = nanoTime;
        this.onChange = onChange;
    }

    private record OnItsWay(BreakerSignal signal, long sinceNanos) {}

    /// Whether an attempt may begin.
    sealed interface Answer {
        /// It may; the permit must be ended.
        record Go(Permit permit) implements Answer {}

        /// Others were asked whether it may probe; the claim must be awaited or closed.
        record Asked(Claim claim) implements Answer {}

        /// Not before this time has passed, because of this.
        record Wait(Duration time, Reason reason, String detail) implements Answer {}
    }

    /// Why an attempt would have to wait; null where it may ask.
    synchronized Answer.@Nullable Wait reasonToWait() {
        goByWhatIsOverdue();
        return switch (view.state()) {
            case BreakerState.Unknown unknown -> claim == null ? null : untilHeard();
            case BreakerState.Closed closed -> isTroubleOnItsWay() ? untilHeard() : null;
            case BreakerState.Open open -> {
                var now = channel.now();
                if (!open.isDue(now, settings)) {
                    yield waitFor(Duration.between(now, open.until()), open.cause());
                }
                yield claim == null ? null : waitFor(SECOND_LOOK, open.cause());
            }
            case BreakerState.Probing probing -> {
                var now = channel.now();
                yield now.isBefore(probing.until())
                        ? whileProbing(probing, Duration.between(now, probing.until()))
                        : claim == null ? null : whileProbing(probing, SECOND_LOOK);
            }
        };
    }

    private boolean isTroubleOnItsWay() {
        return !onTheirWay.isEmpty()
                && onTheirWay.values().stream()
                        .anyMatch(it -> it.signal() instanceof BreakerSignal.Trouble);
    }

    private static Answer.Wait waitFor(Duration time, BreakerSignal.Cause cause) {
        return new Answer.Wait(time, cause.reason(), cause.detail());
    }

    private static Answer.Wait untilHeard() {
        return new Answer.Wait(
                SECOND_LOOK, Reason.BUSY, "waits to hear what others know of the server");
    }

    private static Answer.Wait whileProbing(BreakerState.Probing probing, Duration time) {
        return probing.before() instanceof BreakerState.Open open
                ? waitFor(time, open.cause())
                : new Answer.Wait(
                        time, Reason.BUSY, "one message is the first to try this server and login");
    }

    synchronized Answer ask() {
        var wait = reasonToWait();
        if (wait != null) {
            return wait;
        }
        return switch (view.state()) {
            case BreakerState.Unknown unknown ->
                    channel.isShared()
                            ? claim()
                            : new Answer.Go(new Permit(this, null, settings, false));
            case BreakerState.Closed closed ->
                    new Answer.Go(new Permit(this, null, settings, false));
            case BreakerState.Open open -> claim();
            case BreakerState.Probing probing -> claim();
        };
    }

    // probes

    private Answer claim() {
        var made = new Claim(identity.nextId(), settings);
        claim = made;
        tell(new BreakerSignal.Probing(identity.name(), made.id, settings));
        return made.isAnswered() ? made.answer() : new Answer.Asked(made);
    }

    /// A probe that others were asked to agree to. It may begin when it was heard back as the
    /// first.
    final class Claim implements AutoCloseable {
        private final String id;
        private final String settingsThen;
        private final CountDownLatch heard = new CountDownLatch(1);
        private boolean granted;
        private boolean taken;

        private Claim(String id, String settingsThen) {
            this.id = id;
            this.settingsThen = settingsThen;
        }

        /// Waits for the others; for seconds at most.
        Answer await() throws InterruptedException {
            boolean unused = heard.await(OVERDUE_CLAIM.toNanos(), TimeUnit.NANOSECONDS);
            return answer();
        }

        boolean isAnswered() {
            return heard.getCount() == 0;
        }

        private Answer answer() {
            synchronized (Breaker.this) {
                if (granted && !taken) {
                    taken = true;
                    return new Answer.Go(
                            new Permit(Breaker.this, id, settingsThen, isRefusalOfAll()));
                }
                var wait = reasonToWait();
                return wait == null ? untilHeard() : wait;
            }
        }

        /// Lets another probe, unless this one began.
        @Override
        public void close() {
            synchronized (Breaker.this) {
                if (taken) {
                    return;
                }
                taken = true;
                if (granted) {
                    abandoned(id);
                } else if (claim == this) {
                    abandonedClaims.add(id);
                    claim = null;
                }
            }
        }

        private boolean isRefusalOfAll() {
            return view.state() instanceof BreakerState.Probing probing
                    && probing.before() instanceof BreakerState.Open open
                    && open.isRefusalOfAll();
        }

        private void heardAs(boolean first) {
            granted = first;
            heard.countDown();
        }
    }

    /// A probe ended without a result: another may probe.
    synchronized void abandoned(String probe) {
        tell(new BreakerSignal.Abandoned(identity.name(), identity.nextId(), probe));
    }

    // signals

    private void tell(BreakerSignal signal) {
        onTheirWay.put(signal.id(), new OnItsWay(signal, nanoTime.getAsLong()));
        channel.tell(server, signal);
    }

    /// To be called with each signal of the channel about this server, in their order.
    synchronized void heard(BreakerSignal signal, Instant at) {
        boolean ours = signal.from().equals(identity.name());
        boolean awaited = ours && onTheirWay.remove(signal.id()) != null;
        var before = view.state();
        view.heard(signal, ours, at);
        if (ours) {
            heardOurs(signal);
        }
        if (awaited || !view.state().equals(before)) {
            logChange(before);
            onChange.run();
        }
    }

    private void heardOurs(BreakerSignal signal) {
        switch (signal) {
            case BreakerSignal.Probing probing -> claimHeard(probing.id());
            case BreakerSignal.Trouble trouble -> repeatThatItIsOpen();
            case BreakerSignal.Abandoned abandoned -> repeatThatItIsOpen();
            case BreakerSignal.Open open -> {}
            case BreakerSignal.Closed closed -> {}
        }
    }

    private void claimHeard(String id) {
        boolean first =
                view.state() instanceof BreakerState.Probing probing && probing.id().equals(id);
        if (abandonedClaims.remove(id)) {
            if (first) {
                abandoned(id);
            }
        } else if (claim != null && claim.id.equals(id)) {
            claim.heardAs(first);
            claim = null;
        }
    }

    /// Whoever reads no more than the last signal shall not take it for closed.
    private void repeatThatItIsOpen() {
        if (channel.isShared() && view.state() instanceof BreakerState.Open open) {
            tell(
                    new BreakerSignal.Open(
                            identity.name(),
                            identity.nextId(),
                            open.cause(),
                            open.times(),
                            open.since(),
                            open.pause(),
                            open.settings()));
        }
    }

    /// To be called with a signal of ours that the channel can't carry: we go by it all the same.
    synchronized void lost(BreakerSignal signal) {
        if (onTheirWay.remove(signal.id()) != null) {
            goBy(signal);
        }
    }

    private void goBy(BreakerSignal signal) {
        var before = view.state();
        view.countAlone(signal, channel.now());
        if (signal instanceof BreakerSignal.Probing probing) {
            claimHeard(probing.id());
        }
        logChange(before);
        onChange.run();
    }

    private void goByWhatIsOverdue() {
        if (onTheirWay.isEmpty()) {
            return;
        }
        for (var one : List.copyOf(onTheirWay.values())) {
            boolean isClaim = one.signal() instanceof BreakerSignal.Probing;
            var patience = isClaim ? OVERDUE_CLAIM : OVERDUE;
            if (nanoTime.getAsLong() - one.sinceNanos() < patience.toNanos()) {
                continue;
            }
            onTheirWay.remove(one.signal().id());
            if (isClaim) {
                abandonedClaims.add(one.signal().id());
                claim = claim != null && claim.id.equals(one.signal().id()) ? null : claim;
            } else {
                goBy(one.signal());
            }
        }
    }

    /// Why the server is left alone now, if it is.
    synchronized Optional<Reason> trouble() {
        return switch (view.state()) {
            case BreakerState.Open open -> Optional.of(open.cause().reason());
            case BreakerState.Probing probing
                    when probing.before() instanceof BreakerState.Open open ->
                    Optional.of(open.cause().reason());
            case BreakerState.Probing probing -> Optional.empty();
            case BreakerState.Closed closed -> Optional.empty();
            case BreakerState.Unknown unknown -> Optional.empty();
        };
    }

    /// Whether messages are let through.
    synchronized MeansState.Condition condition() {
        return switch (view.state()) {
            case BreakerState.Unknown unknown -> MeansState.Condition.UNKNOWN;
            case BreakerState.Closed closed -> MeansState.Condition.CLOSED;
            case BreakerState.Open open -> MeansState.Condition.OPEN;
            case BreakerState.Probing probing -> MeansState.Condition.PROBING;
        };
    }

    private void logChange(BreakerState before) {
        var state = view.state();
        if (state instanceof BreakerState.Open open
                && !(before instanceof BreakerState.Open same && same.times() == open.times())) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("reason", open.cause().reason().wireName())
                    .addKeyValue("detail", open.cause().detail())
                    .addKeyValue("times", open.times())
                    .addKeyValue("probeAfter", open.pause())
                    .log("A server can't work and is left alone; its mail waits");
        } else if (state instanceof BreakerState.Closed && wasOpen(before)) {
            log.atInfo().addKeyValue("server", server).log("A server works again; its mail goes");
        }
    }

    private static boolean wasOpen(BreakerState before) {
        return before instanceof BreakerState.Open
                || (before instanceof BreakerState.Probing probing
                        && probing.before() instanceof BreakerState.Open);
    }

    // results

    /// What is in force now; other settings give credentials another chance.
    synchronized void settingsAre(String fingerprint) {
        settings = fingerprint;
    }

    synchronized void answered(@Nullable String probe) {
        if (saysSomethingNew(probe)) {
            tell(new BreakerSignal.Closed(identity.name(), identity.nextId(), probe));
        }
    }

    private boolean saysSomethingNew(@Nullable String probe) {
        return switch (view.state()) {
            case BreakerState.Unknown unknown -> isTroubleOnItsWay();
            case BreakerState.Closed closed ->
                    (closed.troubles() > 0 || isTroubleOnItsWay()) && !isClosedOnItsWay();
            case BreakerState.Open open ->
                    probe != null || (!open.cause().isOfCredentials() && !isClosedOnItsWay());
            case BreakerState.Probing probing ->
                    probe != null
                            || (!(probing.before() instanceof BreakerState.Open open
                                            && open.cause().isOfCredentials())
                                    && !isClosedOnItsWay());
        };
    }

    private boolean isClosedOnItsWay() {
        return onTheirWay.values().stream()
                .anyMatch(it -> it.signal() instanceof BreakerSignal.Closed);
    }

    synchronized void troubled(
            BreakerSignal.Cause cause, @Nullable String probe, String settingsThen) {
        var state = view.state();
        boolean late =
                probe == null
                        && (state instanceof BreakerState.Open
                                || state instanceof BreakerState.Probing);
        if (!late) {
            tell(
                    new BreakerSignal.Trouble(
                            identity.name(), identity.nextId(), probe, cause, settingsThen));
        }
    }
}
