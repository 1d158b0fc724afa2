package dev.outmail.delivery;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Instant;

/// What is to be done with an event, by the settings of the moment.
public sealed interface Decision {

    /// Nothing is sent, for good.
    record Drop(ProfileSettings settings, Reason reason) implements Decision {}

    /// It is too late to send it.
    record Expire(Instant expiredAt) implements Decision {}

    /// It is too early to send it.
    record Wait(Instant until) implements Decision {}

    /// Nothing can be decided before someone changes the settings.
    record Hold(Reason reason, String detail) implements Decision {}

    /// It leaves, or seems to, by the profile's connection.
    record Send(ProfileSettings settings, Means means, Mailbox from) implements Decision {}

    /// By what a message is sent.
    sealed interface Means {
        record Silently() implements Means {}

        record ByNativeMailer() implements Means {}

        record BySmtp(Connection.SmtpServer server) implements Means {}
    }

    /// Decides. A pure function: the same arguments give the same decision.
    static Decision decide(MailEvent event, SettingsSnapshot snapshot, Instant now) {
        var sendAt = event.terms().sendAt();
        if (sendAt != null && now.isBefore(sendAt)) {
            return new Wait(sendAt);
        }
        var expiresAt = event.terms().expiresAt();
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return new Expire(expiresAt);
        }
        return snapshot.profile(event.profile())
                .map(profile -> decide(event, profile))
                .orElseGet(() -> hold(event, snapshot));
    }

    private static Decision hold(MailEvent event, SettingsSnapshot snapshot) {
        return snapshot.isEmpty()
                ? new Hold(
                        Reason.NO_SETTINGS,
                        "no settings were read yet; save some with: outmail settings set")
                : new Hold(
                        Reason.UNKNOWN_PROFILE,
                        "there are no settings for the profile '"
                                + event.profile()
                                + "'; save some with: outmail settings set --profile "
                                + event.profile());
    }

    private static Decision decide(MailEvent event, ProfileSettings profile) {
        return switch (profile.settings().connection()) {
            case Connection.Disabled disabled -> new Drop(profile, Reason.DISABLED);
            case Connection.Silent silent -> send(event, profile, new Means.Silently());
            case Connection.NativeMailer mailer -> send(event, profile, new Means.ByNativeMailer());
            case Connection.SmtpServer server -> send(event, profile, new Means.BySmtp(server));
        };
    }

    private static Decision send(MailEvent event, ProfileSettings profile, Means means) {
        var sender = profile.settings().sender();
        var from = event.addressing().from();
        if (from != null && (sender == null || !sender.force())) {
            return new Send(profile, means, from);
        }
        if (sender != null) {
            return new Send(profile, means, sender.mailbox());
        }
        return new Hold(
                Reason.NO_SENDER,
                "neither the event nor the profile '"
                        + profile.profile()
                        + "' names a sender; save one with: outmail settings set --from 'Name <address>'");
    }
}
