package dev.outmail.console.people;

import dev.outmail.console.web.Role;
import dev.outmail.console.web.Visitor;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Those who may log in, and those who did.
public final class People {
    /// A browser takes it from this host alone, for all of it, and over TLS or from this machine.
    private static final String COOKIE = "__Host-outmail";

    private static final int TOO_MANY_FOR_A_NAME = 10;

    /// A proxy's is that of many.
    private static final int TOO_MANY_FROM_AN_ADDRESS = 100;

    private final Users users;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Attempts byName;
    private final Attempts byAddress;
    private final Invitations invitations;

    public People(Path usersFile, int bcryptCost, InstantSource clock) {
        this.users = new Users(usersFile);
        this.passwords = new Passwords(bcryptCost);
        this.sessions = new Sessions(clock);
        this.byName = new Attempts(TOO_MANY_FOR_A_NAME, clock);
        this.byAddress = new Attempts(TOO_MANY_FROM_AN_ADDRESS, clock);
        this.invitations = new Invitations(clock);
    }

    /// Where nobody can log in yet: the token of a link by which the first admin does.
    public Optional<String> firstInvitation() {
        return users.isEmpty()
                ? Optional.of(invitations.invite(null, Role.ADMIN))
                : Optional.empty();
    }

    /// Who a request is from, by the users' file as it is now.
    public Visitor visitor(Context context) {
        var token = context.cookie(COOKIE);
        return Optional.ofNullable(token)
                .flatMap(sessions::user)
                .flatMap(users::find)
                .map(user -> new Visitor(user.name(), user.role()))
                .orElse(Visitor.STRANGER);
    }

    /// How many are logged in.
    public int sessionCount() {
        return sessions.count();
    }

    enum Login {
        OK,
        WRONG,
        TOO_OFTEN
    }

    /// Begins a session of its own, whatever the browser had before.
    Login login(Context context, String name, String password) {
        var address = context.ip();
        if (byName.areTooMany(name) || byAddress.areTooMany(address)) {
            return Login.TOO_OFTEN;
        }
        if (!passwords.isOf(users.find(name), password)) {
            byName.failed(name);
            byAddress.failed(address);
            return Login.WRONG;
        }
        byName.succeeded(name);
        begin(context, name);
        return Login.OK;
    }

    void begin(Context context, String name) {
        end(context);
        context.cookie(cookie(sessions.begin(name), -1));
    }

    void end(Context context) {
        var token = context.cookie(COOKIE);
        if (token != null) {
            sessions.end(token);
            context.cookie(cookie("", 0));
        }
    }

    private static Cookie cookie(String value, int maxAgeSeconds) {
        return new Cookie(COOKIE, value, "/", maxAgeSeconds, true, true, null, SameSite.STRICT);
    }

    Users users() {
        return users;
    }

    Invitations invitations() {
        return invitations;
    }

    void choosePassword(String name, Role role, String password) {
        users.put(new User(name, role, passwords.hash(password)));
        sessions.endAllOf(name);
    }

    boolean remove(String name) {
        boolean removed = users.remove(name);
        if (removed) {
            sessions.endAllOf(name);
        }
        return removed;
    }
}
