package dev.outmail.console.web;

import io.javalin.security.RouteRole;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What somebody may do; each may all that those before it may.
public enum Role implements RouteRole {
    /// Nothing but log in.
    ANYONE,
    /// Sees what happens, and nobody's address or mail.
    VIEWER,
    /// Sees mail, too, and decides what becomes of dead letters.
    OPERATOR,
    /// Changes settings, tests connections, and says who may log in.
    ADMIN;

    private final String written = name().toLowerCase(Locale.ROOT);

    public String written() {
        return written;
    }

    public boolean may(Role needed) {
        return compareTo(needed) >= 0;
    }

    /// A role that people have.
    public static Optional<Role> of(String written) {
        return Stream.of(VIEWER, OPERATOR, ADMIN)
                .filter(role -> role.written.equals(written))
                .findFirst();
    }
}
