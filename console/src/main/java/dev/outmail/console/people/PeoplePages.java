package dev.outmail.console.people;

import dev.outmail.console.audit.AuditTrail;
import dev.outmail.console.people.Invitations.Invitation;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import dev.outmail.console.web.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Logging in and out, and who may.
public final class PeoplePages implements Pages {
    private final People people;
    private final AuditTrail audit;
    private final Views views;
    private final String url;

    /// @param url where browsers reach the console; empty for where they just did
    public PeoplePages(People people, AuditTrail audit, Views views, String url) {
        this.people = people;
        this.audit = audit;
        this.views = views;
        this.url = url;
    }

    record LoginPage(Frame frame, String name, String problem, boolean inClear) {}

    record WelcomePage(Frame frame, @Nullable String name, Role role, String problem) {}

    /// @param link to give to somebody; empty where none was just made
    record PeoplePage(Frame frame, List<User> users, String link, String invited, String problem) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/login", context -> showLogin(context, "", ""), Role.ANYONE);
        routes.post("/login", this::login, Role.ANYONE);
        routes.post("/logout", this::logout, Role.VIEWER);
        routes.get("/welcome/{token}", this::welcome, Role.ANYONE);
        routes.post("/welcome/{token}", this::choosePassword, Role.ANYONE);
        routes.get("/people", context -> show(context, "", "", ""), Role.ADMIN);
        routes.post("/people", this::invite, Role.ADMIN);
        routes.post("/people/{name}/role", this::giveRole, Role.ADMIN);
        routes.post("/people/{name}/password", this::newPassword, Role.ADMIN);
        routes.post("/people/{name}/remove", this::remove, Role.ADMIN);
    }

    private void showLogin(Context context, String name, String problem) {
        views.show(
                context,
                "people/login.jte",
                new LoginPage(Frame.of(context, "Log in"), name, problem, isInClear(context)));
    }

    /// Whether a browser will not keep the session's cookie.
    private static boolean isInClear(Context context) {
        var host = Objects.requireNonNullElse(context.host(), "");
        return !host.matches("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1])(:\\d+)?")
                && !"https".equals(context.header("X-Forwarded-Proto"))
                && !context.scheme().equals("https");
    }

    private void login(Context context) {
        var name = field(context, "name");
        var login = people.login(context, name, field(context, "password"));
        switch (login) {
            case OK -> {
                audit.record(name, context, "login", name, "");
                context.redirect("/");
            }
            case WRONG -> {
                audit.record(name, context, "login.refused", name, "");
                context.status(401);
                showLogin(context, name, "Name or password is wrong.");
            }
            case TOO_OFTEN -> {
                context.status(429);
                showLogin(context, name, "Too many attempts; wait five minutes.");
            }
        }
    }

    private void logout(Context context) {
        audit.record(context, "logout", Visitor.of(context).name(), "");
        people.end(context);
        context.redirect("/login");
    }

    private void welcome(Context context) {
        var invitation = people.invitations().look(context.pathParam("token"));
        showWelcome(context, invitation.orElseThrow(PeoplePages::usedUp), "");
    }

    private static NotFoundResponse usedUp() {
        return new NotFoundResponse(
                "This link was used, or is too old. An admin makes new ones; without any, a restart does.");
    }

    private void showWelcome(Context context, Invitation invitation, String problem) {
        views.show(
                context,
                "people/welcome.jte",
                new WelcomePage(
                        Frame.of(context, "Welcome"),
                        invitation.name(),
                        invitation.role(),
                        problem));
    }

    private void choosePassword(Context context) {
        var token = context.pathParam("token");
        var invitation = people.invitations().look(token).orElseThrow(PeoplePages::usedUp);
        var name = Objects.requireNonNullElseGet(invitation.name(), () -> field(context, "name"));
        var password = field(context, "password");
        var problem = problem(context, invitation, name, password);
        if (!problem.isEmpty()) {
            context.status(422);
            showWelcome(context, invitation, problem);
            return;
        }
        var role = people.invitations().take(token).orElseThrow(PeoplePages::usedUp).role();
        audit.record(name, context, "people.password", name, role.written());
        people.choosePassword(name, role, password);
        people.begin(context, name);
        context.redirect("/");
    }

    private String problem(Context context, Invitation invitation, String name, String password) {
        if (!User.isName(name)) {
            return "A name is letters, digits, '.', '_', '@' and '-', at most 64.";
        }
        if (invitation.name() == null && people.users().find(name).isPresent()) {
            return "Somebody has that name.";
        }
        if (!password.equals(field(context, "again"))) {
            return "The two passwords differ.";
        }
        return Passwords.problem(password).orElse("");
    }

    private void show(Context context, String link, String invited, String problem) {
        views.show(
                context,
                "people/people.jte",
                new PeoplePage(
                        Frame.of(context, "People"), people.users().all(), link, invited, problem));
    }

    private void invite(Context context) {
        var name = field(context, "name").strip();
        if (!User.isName(name) || people.users().find(name).isPresent()) {
            context.status(422);
            show(context, "", "", "'" + name + "' is taken, or is no name.");
            return;
        }
        makeLink(context, name, role(context), "people.invite");
    }

    private void newPassword(Context context) {
        var user = known(context);
        makeLink(context, user.name(), user.role(), "people.new-password");
    }

    private void makeLink(Context context, String name, Role role, String action) {
        audit.record(context, action, name, role.written());
        var base = url.isEmpty() ? context.scheme() + "://" + context.host() : url;
        show(context, base + "/welcome/" + people.invitations().invite(name, role), name, "");
    }

    private void giveRole(Context context) {
        var user = known(context);
        var role = role(context);
        audit.record(context, "people.role", user.name(), role.written());
        governed(context, people.users().giveRole(user.name(), role));
    }

    private void remove(Context context) {
        var user = known(context);
        audit.record(context, "people.remove", user.name(), "");
        governed(context, people.remove(user.name()));
    }

    private void governed(Context context, boolean governed) {
        if (governed) {
            context.redirect("/people");
        } else {
            context.status(422);
            show(context, "", "", "Somebody must be left who is an admin.");
        }
    }

    private User known(Context context) {
        return people.users()
                .find(context.pathParam("name"))
                .orElseThrow(() -> new NotFoundResponse("There is no such user."));
    }

    private static Role role(Context context) {
        return Role.of(field(context, "role"))
                .orElseThrow(() -> new BadRequestResponse("There is no such role."));
    }

    private static String field(Context context, String name) {
        return Objects.requireNonNullElse(context.formParam(name), "");
    }
}
