package dev.outmail.delivery;

import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.wire.Decoded;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Compares what becomes of events by two sets of settings, as [Decision#decide] says: sends
/// nothing. For one thread.
public final class WhatIf {
    private static final Comparator<Fate> ORDER =
            Comparator.comparing(Fate::kind).thenComparing(Fate::by);

    private final Set<EventId> seen = new HashSet<>();
    private long malformed;

    private final SettingsSnapshot current;
    private final SettingsSnapshot proposed;
    private final Map<Fate, Long> byCurrent = new TreeMap<>(ORDER);
    private final Map<Fate, Long> byProposed = new TreeMap<>(ORDER);
    private final Map<Change, Long> changes =
            new TreeMap<>(
                    Comparator.comparing(Change::now, ORDER).thenComparing(Change::then, ORDER));

    public WhatIf(SettingsSnapshot current, SettingsSnapshot proposed) {
        this.current = current;
        this.proposed = proposed;
    }

    /// What becomes of an event, if its server takes it.
    public enum Kind {
        SENT,
        SILENCED,
        DROPPED,
        HELD,
        EXPIRED
    }

    /// What becomes of an event, and by what: a server, the native mailer, or a reason.
    public record Fate(Kind kind, String by) {
        /// For people.
        public String words() {
            var kindInWords = kind.name().toLowerCase(Locale.ROOT);
            return switch (kind) {
                case SENT -> kindInWords + " by " + by;
                case DROPPED, HELD -> kindInWords + " (" + by + ")";
                case SILENCED, EXPIRED -> kindInWords;
            };
        }

        static Fate of(Decision decision) {
            return switch (decision) {
                case Decision.Drop drop -> new Fate(Kind.DROPPED, drop.reason().wireName());
                case Decision.Expire expire -> new Fate(Kind.EXPIRED, "");
                case Decision.Hold hold -> new Fate(Kind.HELD, hold.reason().wireName());
                case Decision.Wait wait ->
                        throw new IllegalArgumentException("not yet due: " + wait.until());
                case Decision.Send send -> of(send.means());
            };
        }

        private static Fate of(Decision.Means means) {
            return switch (means) {
                case Decision.Means.Silently silently -> new Fate(Kind.SILENCED, "");
                case Decision.Means.ByNativeMailer mailer -> new Fate(Kind.SENT, "native mailer");
                case Decision.Means.BySmtp by -> new Fate(Kind.SENT, by.server().address());
            };
        }
    }

    /// That an event would fare otherwise.
    public record Change(Fate now, Fate then) {}

    /// Counts what a record of events says: retries, replays and repeated publishes are the same
    /// event.
    public void add(Decoded decoded, Instant acceptedAt) {
        switch (decoded) {
            case Decoded.Ok ok -> {
                if (seen.add(ok.event().id())) {
                    add(ok.event(), acceptedAt);
                }
            }
            case Decoded.Malformed malformedOne -> malformed++;
        }
    }

    /// How many events were counted by [#add(Decoded, Instant)].
    public int events() {
        return seen.size();
    }

    /// How many records were none.
    public long malformed() {
        return malformed;
    }

    /// Counts an event.
    ///
    /// @param acceptedAt when its topic took it; it is decided upon then, or at its sendAt if that
    ///   is later
    /// @return how it fares by the current settings
    public Fate add(MailEvent event, Instant acceptedAt) {
        var sendAt = event.terms().sendAt();
        var at = sendAt != null && sendAt.isAfter(acceptedAt) ? sendAt : acceptedAt;
        var now = Fate.of(Decision.decide(event, current, at));
        var then = Fate.of(Decision.decide(event, proposed, at));
        byCurrent.merge(now, 1L, Long::sum);
        byProposed.merge(then, 1L, Long::sum);
        if (!now.equals(then)) {
            changes.merge(new Change(now, then), 1L, Long::sum);
        }
        return now;
    }

    public Map<Fate, Long> byCurrent() {
        return byCurrent;
    }

    public Map<Fate, Long> byProposed() {
        return byProposed;
    }

    public Map<Change, Long> changes() {
        return changes;
    }
}
