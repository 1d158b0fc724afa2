package dev.outmail.delivery;

import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which revisions of the settings the attempts under way go by, so that nobody is told that a
/// revision is applied while a message may still leave by an earlier one. Guarded by this object's
/// monitor.
final class SettingsInUse {
    private final Map<String, NavigableMap<Long, Integer>> underWay = new HashMap<>();
    private @Nullable SettingsSnapshot latest;
    private volatile Runnable listener = () -> {};

    /// Told when [#applied()] may say something new; it must not block.
    void onChange(Runnable newListener) {
        listener = newListener;
    }

    /// An attempt under way by these settings, until closed.
    final class Use implements AutoCloseable {
        private final ProfileSettings by;

        private Use(ProfileSettings by) {
            this.by = by;
        }

        @Override
        public void close() {
            end(by);
        }
    }

    /// Begins an attempt by these settings; null where others count by now.
    synchronized @Nullable Use begin(ProfileSettings by) {
        if (isOutdated(by)) {
            return null;
        }
        underWay.computeIfAbsent(by.profile(), profile -> new TreeMap<>())
                .merge(by.revision(), 1, Integer::sum);
        return new Use(by);
    }

    /// Newer ones than were told are about to be told.
    private boolean isOutdated(ProfileSettings by) {
        var settings = latest;
        return settings != null
                && settings.profile(by.profile())
                        .map(now -> now.revision() > by.revision())
                        .orElse(true);
    }

    private void end(ProfileSettings by) {
        if (ended(by)) {
            listener.run();
        }
    }

    /// Whether it was the last by settings that don't count any more.
    private synchronized boolean ended(ProfileSettings by) {
        var revisions = underWay.get(by.profile());
        if (revisions == null
                || revisions.computeIfPresent(by.revision(), (r, n) -> n == 1 ? null : n - 1)
                        != null) {
            return false;
        }
        if (revisions.isEmpty()) {
            underWay.remove(by.profile());
        }
        return isOutdated(by);
    }

    void settingsChanged(SettingsSnapshot settings) {
        synchronized (this) {
            latest = settings;
        }
        listener.run();
    }

    /// For each profile the revision that counts, or the earliest that a message is still under way
    /// by.
    synchronized Map<String, Long> applied() {
        var applied = new HashMap<String, Long>();
        if (latest != null) {
            latest.profiles().forEach((name, now) -> applied.put(name, now.revision()));
        }
        underWay.forEach((name, revisions) -> applied.merge(name, revisions.firstKey(), Math::min));
        return applied;
    }
}
