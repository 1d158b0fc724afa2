package dev.outmail.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// All profiles' settings at one moment. A message pins one for its whole attempt.
///
/// @param profiles those whose settings count
/// @param unusable the profiles that have settings which can't be used here, and why: their mail is
///   held
public record SettingsSnapshot(
        Map<String, ProfileSettings> profiles, Map<String, String> unusable) {
    public static final SettingsSnapshot EMPTY = new SettingsSnapshot(Map.of());

    public SettingsSnapshot {
        profiles = Map.copyOf(profiles);
        unusable = Map.copyOf(unusable);
    }

    public SettingsSnapshot(Map<String, ProfileSettings> profiles) {
        this(profiles, Map.of());
    }

    public Optional<ProfileSettings> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    public boolean isEmpty() {
        return profiles.isEmpty() && unusable.isEmpty();
    }

    SettingsSnapshot with(ProfileSettings changed) {
        var copy = new HashMap<>(profiles);
        copy.put(changed.profile(), changed);
        return new SettingsSnapshot(copy, unusable);
    }

    SettingsSnapshot without(String profile) {
        var copy = new HashMap<>(profiles);
        copy.remove(profile);
        return new SettingsSnapshot(copy, unusable);
    }
}
