package dev.outmail.cli;

import dev.outmail.deadletters.DeadLetterIndex;
import dev.outmail.deadletters.LetterFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which dead letters a command is about.
final class LetterOptions {
    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only those with this reason, such as unknown-recipient")
    private @Nullable String reason;

    @Option(names = "--profile", paramLabel = "NAME", description = "Only those of this profile")
    private @Nullable String profile;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moment.class,
            description =
                    "Only those that became dead letters since: an instant, or how long ago (30m, 2h, 3d)")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only those that became dead letters before")
    private @Nullable Instant until;

    @Option(
            names = "--event",
            paramLabel = "ID",
            description = "Only those of the event with this id")
    private @Nullable String event;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description = "Only those of events from this source")
    private @Nullable String source;

    @Option(names = "--limit", paramLabel = "N", description = "At most N, the oldest first")
    private @Nullable Integer limit;

    void check() {
        if (limit != null && limit < 1) {
            throw Failure.wrongUsage("--limit must be 1 or more");
        }
    }

    /// Whether any of them is given that says which.
    boolean say() {
        return !filter().equals(LetterFilter.ALL);
    }

    LetterFilter filter() {
        return new LetterFilter(reason, profile, since, until, source, event);
    }

    /// Before which no letter is meant; null for no such time.
    @Nullable Instant since() {
        return since;
    }

    List<DeadLetterIndex.Entry> limited(List<DeadLetterIndex.Entry> entries, int otherwise) {
        int most = limit == null ? otherwise : limit;
        return entries.subList(0, Math.min(entries.size(), most));
    }
}
