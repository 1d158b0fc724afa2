package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Instant;
import java.util.List;

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
    ///
    /// @param route to whom; somebody is served
    record Send(ProfileSettings settings, Means means, Mailbox from, Route route)
            implements Decision {
        /// Whether the settings let no mail seem to be from anybody else.
        public boolean isFromForced() {
            var sender = settings.settings().sender();
            return sender != null && sender.force();
        }
    }

    /// By what a message is sent.
    sealed interface Means {
        record Silently() implements Means {}

        record ByNativeMailer() implements Means {}

        record BySmtp(Connection.SmtpServer server) implements Means {}
    }

    /// Decides. A pure function: the same arguments give the same decision.
    static Decision decide(MailEvent event, SettingsSnapshot snapshot, Instant now) {
        return decide(event, event.addressing().recipients(), snapshot, now);
    }

    /// The same for what is left to do of an event.
    ///
    /// @param open the recipients who have no final verdict yet
    static Decision decide(
            MailEvent event, List<EmailAddress> open, SettingsSnapshot snapshot, Instant now) {
        var sendAt = event.terms().sendAt();
        if (sendAt != null && now.isBefore(sendAt)) {
            return new Wait(sendAt);
        }
        var expiresAt = event.terms().expiresAt();
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return new Expire(expiresAt);
        }
        return snapshot.profile(event.profile())
                .map(profile -> decide(event, open, profile))
                .orElseGet(() -> hold(event, snapshot));
    }

    /// What is done where the profile of the event has no settings that count.
    static Hold hold(MailEvent event, SettingsSnapshot snapshot) {
        var unusable = snapshot.unusable().get(event.profile());
        if (unusable != null) {
            return new Hold(
                    Reason.INVALID_LOCK,
                    "the settings of the profile '"
                            + event.profile()
                            + "' can't be used with the locks of this deployment (lock.*): "
                            + unusable);
        }
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

    private static Decision decide(
            MailEvent event, List<EmailAddress> open, ProfileSettings profile) {
        return switch (profile.settings().connection()) {
            case Connection.Disabled disabled -> new Drop(profile, Reason.DISABLED);
            case Connection.Silent silent -> send(event, open, profile, new Means.Silently());
            case Connection.NativeMailer mailer ->
                    send(event, open, profile, new Means.ByNativeMailer());
            case Connection.SmtpServer server ->
                    send(event, open, profile, new Means.BySmtp(server));
        };
    }

    private static Decision send(
            MailEvent event, List<EmailAddress> open, ProfileSettings profile, Means means) {
        var route = Route.of(profile.settings().guards(), open);
        if (route.served().isEmpty()) {
            return new Drop(profile, Reason.NOT_ALLOWED);
        }
        var sender = profile.settings().sender();
        var from = event.addressing().from();
        if (from != null && (sender == null || !sender.force())) {
            return new Send(profile, means, from, route);
        }
        if (sender != null) {
            return new Send(profile, means, sender.mailbox(), route);
        }
        return new Hold(
                Reason.NO_SENDER,
                "neither the event nor the profile '"
                        + profile.profile()
                        + "' names a sender; save one with: outmail settings set --from 'Name <address>'");
    }
}
