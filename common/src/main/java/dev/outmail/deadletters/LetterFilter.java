package dev.outmail.deadletters;

import dev.outmail.deadletters.DeadLetter.Summary;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which letters are meant; null is any.
///
/// @param reason typed, by its wire name
/// @param since not older, by when it became a dead letter
/// @param until older
/// @param event its id, alone or behind its source as in `/projects#task-42`
public record LetterFilter(
        @Nullable String reason,
        @Nullable String profile,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String source,
        @Nullable String event)
        implements Predicate<Summary> {
    public static final LetterFilter ALL = new LetterFilter(null, null, null, null, null, null);

    @Override
    public boolean test(Summary letter) {
        return (reason == null || reason.equals(letter.why().reason()))
                && (profile == null || profile.equals(letter.profile()))
                && (since == null || !letter.at().isBefore(since))
                && (until == null || letter.at().isBefore(until))
                && (source == null || isOf(source, letter))
                && (event == null || isEvent(event, letter));
    }

    private static boolean isOf(String source, Summary letter) {
        var id = letter.event();
        return id != null && id.source().equals(source);
    }

    /// Whether the letter's event is called so.
    public static boolean isEvent(String written, Summary letter) {
        var id = letter.event();
        return id != null && (written.equals(id.id()) || written.equals(id.toString()));
    }
}
