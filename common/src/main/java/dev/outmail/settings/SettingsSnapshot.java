package dev.outmail.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// All profiles' settings at one moment. A message pins one for its whole attempt.
public record SettingsSnapshot(Map<String, ProfileSettings> profiles) {
    public static final SettingsSnapshot EMPTY = new SettingsSnapshot(Map.of());

    public SettingsSnapshot {
        profiles = Map.copyOf(profiles);
    }

    public Optional<ProfileSettings> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    public boolean isEmpty() {
        return profiles.isEmpty();
    }

    SettingsSnapshot with(ProfileSettings changed) {
        var copy = new HashMap<>(profiles);
        copy.put(changed.profile(), changed);
        return new SettingsSnapshot(copy);
    }

    SettingsSnapshot without(String profile) {
        var copy = new HashMap<>(profiles);
        copy.remove(profile);
        return new SettingsSnapshot(copy);
    }
}
