package dev.outmail.delivery;

import java.time.Duration;
import java.util.List;

/// How long an open event waits for its next attempt. Pure: it says, it never waits.
///
/// @param verdicts after the 1st, 2nd, … attempt that a server put off; the last one goes on
/// @param trouble after the 1st, 2nd, … time in a row that a server could not work
/// @param credentials the same, for a server that does not accept who we are; settings that change
///   end the wait at once
/// @param inDoubt before an attempt that may be a second copy: not before the server's own time-out
/// @param aside what waits for room, and what held up its partition for too long, goes out of the
///   way of others for so long
public record RetryPolicy(
        List<Duration> verdicts,
        List<Duration> trouble,
        List<Duration> credentials,
        Duration inDoubt,
        Duration aside) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(
                    minutes(1, 5, 15, 30, 60, 120, 240),
                    List.of(
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(20),
                            Duration.ofSeconds(40),
                            Duration.ofSeconds(60)),
                    minutes(1, 5, 15, 30, 60),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10));

    private static final Duration SECOND_LOOK = Duration.ofSeconds(10);
    private static final double JITTER = 0.2;

    public RetryPolicy {
        verdicts = List.copyOf(verdicts);
        trouble = List.copyOf(trouble);
        credentials = List.copyOf(credentials);
    }

    /// The same with another wait before an attempt that may be a second copy.
    public RetryPolicy withInDoubt(Duration wait) {
        return new RetryPolicy(verdicts, trouble, credentials, wait, aside);
    }

    /// The same with all waits after refusals and trouble so many times as long.
    public RetryPolicy scaled(double factor) {
        return new RetryPolicy(
                scaled(verdicts, factor),
                scaled(trouble, factor),
                scaled(credentials, factor),
                inDoubt,
                aside);
    }

    private static List<Duration> scaled(List<Duration> steps, double factor) {
        return steps.stream()
                .map(step -> Duration.ofNanos((long) (step.toNanos() * factor)))
                .toList();
    }

    /// The wait after an open outcome.
    ///
    /// @param times how many outcomes of this kind came in a row, this one included
    /// @param random from 0 to 1, which spreads the waits by 20 % to either side
    public Duration waitAfter(Outcome.Open outcome, int times, double random) {
        return switch (outcome) {
            case Outcome.Deferred deferred -> spread(step(verdicts, times), random);
            case Outcome.InDoubt doubt -> inDoubt;
            case Outcome.Troubled troubled -> waitAfter(troubled.trouble().kind(), times, random);
            case Outcome.Paused paused -> paused.time();
            // Only a change of settings ends it; the wait is a second look.
            case Outcome.Held held -> SECOND_LOOK;
            // A clock may be set: look again now and then.
            case Outcome.NotYet notYet -> SECOND_LOOK;
        };
    }

    /// The wait after trouble with a server.
    Duration waitAfter(TransportResult.Kind kind, int times, double random) {
        return switch (kind) {
            case SERVER -> spread(step(trouble, times), random);
            case CREDENTIALS -> spread(step(credentials, times), random);
        };
    }

    private static Duration step(List<Duration> steps, int times) {
        return steps.get(Math.min(Math.max(times, 1), steps.size()) - 1);
    }

    private static Duration spread(Duration wait, double random) {
        return Duration.ofNanos((long) (wait.toNanos() * (1 - JITTER + 2 * JITTER * random)));
    }

    private static List<Duration> minutes(int... minutes) {
        return java.util.Arrays.stream(minutes).mapToObj(Duration::ofMinutes).toList();
    }
}
