package dev.outmail.cli;

import dev.outmail.deadletters.Signature;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How something is done about dead letters, and who signs for it.
final class ActionOptions {
    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask, however many it are")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only tell what would be done")
    private boolean dryRun;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who does it, for the audit trail (default: user@host)")
    private @Nullable String by;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for the audit trail")
    private String why = "";

    boolean yes() {
        return yes;
    }

    boolean dryRun() {
        return dryRun;
    }

    Signature signature() {
        try {
            return new Signature(by == null ? userAtHost() : by, why);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongUsage("--by and --why: " + e.getMessage());
        }
    }

    private static String userAtHost() {
        return System.getProperty("user.name", "unknown") + "@" + host();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
