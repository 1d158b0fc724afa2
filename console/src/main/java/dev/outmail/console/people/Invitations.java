package dev.outmail.console.people;

import dev.outmail.console.web.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Links by which somebody chooses a password, each good once. For many threads.
final class Invitations {
    private static final Duration GOOD_FOR = Duration.ofDays(1);

    /// Whom a link is for.
    ///
    /// @param name null for one who chooses a name, too
    record Invitation(@Nullable String name, Role role, Instant until) {}

    private final Map<String, Invitation> open = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Invitations(InstantSource clock) {
        this.clock = clock;
    }

    String invite(@Nullable String name, Role role) {
        var token = Tokens.fresh();
        open.put(Tokens.digest(token), new Invitation(name, role, clock.instant().plus(GOOD_FOR)));
        return token;
    }

    Optional<Invitation> look(String token) {
        return Optional.ofNullable(open.get(Tokens.digest(token)))
                .filter(invitation -> clock.instant().isBefore(invitation.until()));
    }

    /// Uses it up.
    Optional<Invitation> take(String token) {
        return Optional.ofNullable(open.remove(Tokens.digest(token)))
                .filter(invitation -> clock.instant().isBefore(invitation.until()));
    }
}
