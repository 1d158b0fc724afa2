package dev.outmail.settings;

import java.util.Objects;

/// A profile's settings as they stand at one revision.
///
/// @param revision 1, 2, 3 … of this profile
public record ProfileSettings(String profile, long revision, Settings settings) {
    public ProfileSettings {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(settings, "settings");
        if (revision < 1) {
            throw new IllegalArgumentException("a revision is 1 or more, not " + revision);
        }
    }
}
