package dev.outmail.cli;

import dev.outmail.cli.SettingOptions.Choice;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.Guards;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `outmail settings set` that keep mail from its recipients.
final class GuardOptions {
    @Option(
            names = "--only-to",
            paramLabel = "LIST|none",
            description =
                    "Who alone gets mail, such as ada@example.org,example.com,.example.net (the last"
                            + " for all domains below it); mail for others is dropped",
            converter = SettingOptions.OnlyTo.class)
    private @Nullable Choice<AllowList> onlyTo;

    @Option(
            names = "--redirect-to",
            paramLabel = "ADDRESS|none",
            description = "Who gets all mail in place of its recipients",
            converter = SettingOptions.Address.class)
    private @Nullable Choice<EmailAddress> redirectTo;

    boolean nameNothing() {
        return onlyTo == null && redirectTo == null;
    }

    Guards apply(Guards guards) {
        var changed = onlyTo == null ? guards : guards.withOnlyTo(onlyTo.value());
        return redirectTo == null ? changed : changed.withRedirectTo(redirectTo.value());
    }
}
