package dev.outmail.console.settings;

import dev.outmail.config.Deployment;
import dev.outmail.console.audit.AuditTrail;
import dev.outmail.console.fleet.FleetFollower;
import dev.outmail.console.web.Views;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.SettingsTail;
import java.util.ArrayList;
import java.util.List;

/// What the pages about settings work with.
public record Site(
        Deployment deployment,
        KafkaClients clients,
        SettingsStore store,
        SettingsTail tail,
        FleetFollower fleet,
        AuditTrail audit,
        Views views) {

    /// A profile's settings as saved; those that a new one starts with where there are none, which
    /// then are said to be the first.
    ProfileSettings saved(String profile) {
        return tail.snapshot()
                .profile(profile)
                .orElseGet(() -> new ProfileSettings(profile, 1, Settings.INITIAL));
    }

    /// By what a profile's mail leaves now; Silent where nothing was saved.
    public Connection connection(String profile) {
        return saved(profile).settings().connection();
    }

    /// 0 where nothing was saved.
    long revision(String profile) {
        return tail.snapshot().profile(profile).map(ProfileSettings::revision).orElse(0L);
    }

    /// By name, the default one first.
    public List<String> profiles() {
        var names = new ArrayList<>(tail.snapshot().profiles().keySet());
        names.sort((one, other) ->
                one.equals(other)
                        ? 0
                        : one.equals("default")
                                ? -1
                                : other.equals("default") ? 1 : one.compareTo(other));
        return names;
    }

    SettingsForm.Seals seals() {
        return new SettingsForm.Seals(deployment.keys(), deployment.topics().settings());
    }
}
