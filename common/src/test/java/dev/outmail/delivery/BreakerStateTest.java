package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The states of a breaker as a table: what follows upon which signal, said when.
class BreakerStateTest {
    private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    private static final String OLD = "revision 1";
    private static final String NEW = "revision 2";

    /// Times in seconds after the state began. A state that is open has been so twice, for 10 s, or
    /// for 60 s where the login was refused. A probe is named `mine`, unless it is another's.
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    in,                 hears,                 after, becomes

                    unknown,            trouble,               0,  closed 1
                    unknown,            credentials,           0,  login-refused 1
                    unknown,            probing,               0,  probing
                    unknown,            open,                  0,  open 2
                    unknown,            abandoned,             0,  unknown
                    unknown,            closed,                0,  closed 0

                    closed 0,           trouble,               0,  closed 1
                    closed 1,           trouble,               0,  closed 2
                    closed 2,           trouble,               0,  open 1
                    closed 0,           credentials,           0,  login-refused 1
                    closed 2,           closed,                0,  closed 0
                    closed 0,           probing,               0,  closed 0
                    closed 1,           open,                  0,  closed 1
                    closed 1,           abandoned,             0,  closed 1

                    open 2,             trouble,               1,  open 2
                    open 2,             credentials,           1,  open 2
                    open 2,             probing,               9,  open 2
                    open 2,             probing,              10,  probing
                    open 2,             probing other settings, 1, open 2
                    open 2,             closed,                1,  closed 0
                    open 2,             open,                  1,  open 2
                    open 2,             abandoned,             1,  open 2
                    login-refused 2,    probing,              59,  login-refused 2
                    login-refused 2,    probing,              60,  probing
                    login-refused 2,    probing other settings, 1, probing
                    login-refused 2,    closed,                1,  login-refused 2
                    login-refused 2,    closed by probe,       1,  closed 0

                    first probe,        trouble,               1,  first probe
                    first probe,        trouble of probe,      1,  open 1
                    first probe,        credentials of probe,  1,  login-refused 1
                    first probe,        abandoned,             1,  unknown
                    first probe,        closed,                1,  closed 0
                    probe,              trouble,               1,  probe
                    probe,              trouble of probe,      1,  open 3
                    probe,              credentials of probe,  1,  login-refused 3
                    probe,              trouble of another,    1,  probe
                    probe,              probing,              89,  probe
                    probe,              probing,              90,  probing
                    probe,              abandoned,             1,  open 2 due
                    probe,              abandoned by another,  1,  probe
                    probe,              open,                  1,  probe
                    probe,              closed,                1,  closed 0
                    login probe,        closed,                1,  login probe
                    login probe,        closed by probe,       1,  closed 0
                    login probe,        credentials of probe,  1,  login-refused 3
                    login probe new,    credentials of probe,  1,  login-refused 1
                    """,
            useHeadersInDisplayName = true)
    void aSignalMakesOfAState(String in, String hears, int after, String becomes) {
        var at = START.plusSeconds(after);

        var now = state(in).after(signal(hears), at, BreakerStateTest::pause);

        assertThat(describe(now, at))
                .isEqualTo(becomes.equals(in) ? describe(state(in), at) : becomes);
    }

    private static Duration pause(TransportResult.Kind kind, int times, BreakerSignal signal) {
        return kind == TransportResult.Kind.SERVER
                ? Duration.ofSeconds(5L * times)
                : Duration.ofSeconds(30L * times);
    }

    private static BreakerState state(String name) {
        return switch (name) {
            case "unknown" -> new BreakerState.Unknown();
            case "closed 0" -> new BreakerState.Closed(0);
            case "closed 1" -> new BreakerState.Closed(1);
            case "closed 2" -> new BreakerState.Closed(2);
            case "open 2" -> open(unreachable());
            case "login-refused 2" -> open(refused());
            case "first probe" -> probing(new BreakerState.Unknown(), OLD);
            case "probe" -> probing(open(unreachable()), OLD);
            case "login probe" -> probing(open(refused()), OLD);
            case "login probe new" -> probing(open(refused()), NEW);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static BreakerState.Open open(BreakerSignal.Cause cause) {
        return new BreakerState.Open(cause, 2, START, pause(cause.kind(), 2, signal("open")), OLD);
    }

    private static BreakerState probing(BreakerState.Resting before, String settings) {
        return new BreakerState.Probing(before, "mine", START, settings);
    }

    private static BreakerSignal signal(String name) {
        return switch (name) {
            case "trouble" -> trouble(null, unreachable());
            case "trouble of probe" -> trouble("mine", unreachable());
            case "trouble of another" -> trouble("another", unreachable());
            case "credentials" -> trouble(null, refused());
            case "credentials of probe" -> trouble("mine", refused());
            case "probing" -> new BreakerSignal.Probing("w", "new", OLD);
            case "probing other settings" -> new BreakerSignal.Probing("w", "new", NEW);
            case "abandoned" -> new BreakerSignal.Abandoned("w", "1", "mine");
            case "abandoned by another" -> new BreakerSignal.Abandoned("w", "1", "another");
            case "closed" -> new BreakerSignal.Closed("w", "1", null);
            case "closed by probe" -> new BreakerSignal.Closed("w", "1", "mine");
            case "open" ->
                    new BreakerSignal.Open(
                            "w", "1", unreachable(), 2, START, Duration.ofSeconds(10), OLD);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static BreakerSignal trouble(@Nullable String probe, BreakerSignal.Cause cause) {
        return new BreakerSignal.Trouble("w", "1", probe, cause, OLD);
    }

    private static BreakerSignal.Cause unreachable() {
        return new BreakerSignal.Cause(
                TransportResult.Kind.SERVER, Reason.UNREACHABLE, "nobody answers");
    }

    private static BreakerSignal.Cause refused() {
        return new BreakerSignal.Cause(
                TransportResult.Kind.CREDENTIALS, Reason.LOGIN_FAILED, "535 who is that");
    }

    private static String describe(BreakerState state, Instant now) {
        return switch (state) {
            case BreakerState.Unknown unknown -> "unknown";
            case BreakerState.Closed closed -> "closed " + closed.troubles();
            case BreakerState.Open open ->
                    (open.cause().isOfCredentials() ? "login-refused " : "open ")
                            + open.times()
                            + (open.pause().isZero() ? " due" : "");
            case BreakerState.Probing probing ->
                    probing.id().equals("new")
                            ? "probing"
                            : "an old probe since " + Duration.between(now, probing.since());
        };
    }
}
