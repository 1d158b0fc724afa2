package dev.outmail.cli;

import dev.outmail.settings.Authorship;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who changes settings, and why.
final class AuthorOptions {
    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who it is that history names (default: the user at this machine)")
    private @Nullable String by;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A reason, for history")
    private String why = "";

    Authorship author() {
        return new Authorship(by == null ? System.getProperty("user.name", "") : by, why);
    }
}
