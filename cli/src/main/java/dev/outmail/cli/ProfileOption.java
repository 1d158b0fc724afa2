package dev.outmail.cli;

import dev.outmail.mail.MailEvent;
import picocli.CommandLine.Option;

/// Which profile is meant.
final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = MailEvent.DEFAULT_PROFILE,
            converter = SettingOptions.ProfileName.class,
            description = "Which profile (default: ${DEFAULT-VALUE})")
    private String name = MailEvent.DEFAULT_PROFILE;

    String name() {
        return name;
    }
}
