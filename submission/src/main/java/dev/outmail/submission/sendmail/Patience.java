package dev.outmail.submission.sendmail;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a drainer waits after each pass, and when it ends. Times are of a clock that only goes
/// forward.
///
/// @param idle ends after so long without a mail
/// @param away ends after so long with nothing but trouble
/// @param lastMail when there was one, or when it began
/// @param troubleSince null where the last pass had none
/// @param pause until the next pass
/// @param ends whether there is no next pass
record Patience(
        Duration idle,
        Duration away,
        Duration lastMail,
        @Nullable Duration troubleSince,
        Duration pause,
        boolean ends) {
    /// To list an empty folder takes some ten microseconds.
    static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private static final Duration FOR_GOOD = Duration.ofDays(365_000);

    static Patience begin(Drainer.Stay stay, Duration now) {
        return switch (stay) {
            case NOT -> begin(Duration.ZERO, Duration.ZERO, now);
            case A_WHILE -> begin(Duration.ofSeconds(30), Duration.ofMinutes(10), now);
            case FOR_GOOD -> begin(FOR_GOOD, FOR_GOOD, now);
        };
    }

    private static Patience begin(Duration idle, Duration away, Duration now) {
        return new Patience(idle, away, now, null, Duration.ZERO, false);
    }

    Patience after(Pass pass, Duration now) {
        if (pass.trouble() != null) {
            return troubled(pass, now);
        }
        return pass.foundMail()
                ? new Patience(idle, away, now, null, Duration.ZERO, false)
                : new Patience(
                        idle,
                        away,
                        lastMail,
                        null,
                        LOOK_AGAIN,
                        now.minus(lastMail).compareTo(idle) >= 0);
    }

    private Patience troubled(Pass pass, Duration now) {
        boolean anew = troubleSince == null || pass.published() > 0;
        var since = troubleSince == null || pass.published() > 0 ? now : troubleSince;
        var longer = pause.multipliedBy(2);
        var next =
                anew ? FIRST_RETRY : longer.compareTo(LONGEST_RETRY) < 0 ? longer : LONGEST_RETRY;
        return new Patience(idle, away, now, since, next, now.minus(since).compareTo(away) >= 0);
    }
}
