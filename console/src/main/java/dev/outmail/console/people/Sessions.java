package dev.outmail.console.people;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Who is logged in, in this process: a session ends after a time without requests, after a working
/// day, and with the process. For many threads.
final class Sessions {
    static final Duration IDLE = Duration.ofHours(1);
    static final Duration LONGEST = Duration.ofHours(12);

    private record Session(String user, Instant since, Instant seen) {
        boolean isOver(Instant now) {
            return now.isAfter(seen.plus(IDLE)) || now.isAfter(since.plus(LONGEST));
        }
    }

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Sessions(InstantSource clock) {
        this.clock = clock;
    }

    /// Begins one, and returns the token that stands for it.
    String begin(String user) {
        var now = clock.instant();
        sessions.values().removeIf(session -> session.isOver(now));
        var token = Tokens.fresh();
        sessions.put(Tokens.digest(token), new Session(user, now, now));
        return token;
    }

    /// Whose session it is.
    Optional<String> user(String token) {
        var now = clock.instant();
        var session =
                sessions.computeIfPresent(
                        Tokens.digest(token),
                        (same, known) ->
                                known.isOver(now)
                                        ? null
                                        : new Session(known.user(), known.since(), now));
        return Optional.ofNullable(session).map(Session::user);
    }

    void end(String token) {
        sessions.remove(Tokens.digest(token));
    }

    void endAllOf(String user) {
        sessions.values().removeIf(session -> session.user().equals(user));
    }

    int count() {
        return sessions.size();
    }
}
