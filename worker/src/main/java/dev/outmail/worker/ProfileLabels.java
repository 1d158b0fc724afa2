package dev.outmail.worker;

import dev.outmail.settings.SettingsSnapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Profiles as labels of meters. Anybody who publishes can make up names of profiles; a label is
/// only what the settings name, and of these a hundred in the life of a worker. Safe for all
/// threads.
final class ProfileLabels {
    static final int MOST = 100;

    /// All others. No profile can have such a name.
    static final String OTHER = "(other)";

    /// Of what is no event.
    static final String NONE = "(none)";

    private final Supplier<SettingsSnapshot> settings;
    private final Consumer<String> onNew;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /// @param onNew hears of each label but those in parentheses, before it is used
    ProfileLabels(Supplier<SettingsSnapshot> settings, Consumer<String> onNew) {
        this.settings = settings;
        this.onNew = onNew;
    }

    /// @param profile null for what is no event
    String of(@Nullable String profile) {
        if (profile == null) {
            return NONE;
        }
        return known.contains(profile) || isAdmitted(profile) ? profile : OTHER;
    }

    private synchronized boolean isAdmitted(String profile) {
        if (known.contains(profile)) {
            return true;
        }
        if (known.size() >= MOST || settings.get().profile(profile).isEmpty()) {
            return false;
        }
        onNew.accept(profile);
        return known.add(profile);
    }

    /// The labels of the profiles that there are.
    List<String> all() {
        return new TreeSet<>(settings.get().profiles().keySet())
                .stream().filter(profile -> of(profile).equals(profile)).toList();
    }
}
