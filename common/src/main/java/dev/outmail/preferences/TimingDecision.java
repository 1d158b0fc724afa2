package dev.outmail.preferences;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.Timing;
import java.util.Optional;

/// When a mail is delivered that its application leaves to the settings.
public final class TimingDecision {
    private TimingDecision() {}

    /// By what its only recipient chose, where the profile lets users choose, and else as the
    /// profile says. In the background where nobody has said anything, and what has a time of its
    /// own.
    public static Timing decide(
            MailEvent event, SettingsSnapshot settings, Preferences preferences) {
        if (event.terms().sendAt() != null) {
            return Timing.IN_BACKGROUND;
        }
        var byProfile = settings(event, settings).map(Settings::timing);
        return chooser(event, settings)
                .flatMap(preferences::timing)
                .or(() -> byProfile)
                .orElse(Timing.IN_BACKGROUND);
    }

    /// The recipient whose choice counts for this mail; of mail to several nobody's does.
    public static Optional<EmailAddress> chooser(MailEvent event, SettingsSnapshot settings) {
        if (settings(event, settings).filter(Settings::usersMayChoose).isEmpty()) {
            return Optional.empty();
        }
        var recipients = event.addressing().recipients();
        return recipients.size() == 1 ? Optional.of(recipients.getFirst()) : Optional.empty();
    }

    private static Optional<Settings> settings(MailEvent event, SettingsSnapshot settings) {
        return settings.profile(event.profile()).map(ProfileSettings::settings);
    }
}
