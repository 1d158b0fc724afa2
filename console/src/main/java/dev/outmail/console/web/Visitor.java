package dev.outmail.console.web;

import io.javalin.http.Context;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who asks for a page.
///
/// @param name empty for somebody who is not logged in
public record Visitor(String name, Role role) {
    public static final Visitor STRANGER = new Visitor("", Role.ANYONE);

    private static final String ATTRIBUTE = "visitor";

    public static Visitor of(Context context) {
        @Nullable Visitor known = context.attribute(ATTRIBUTE);
        return Objects.requireNonNullElse(known, STRANGER);
    }

    public void entersAs(Context context) {
        context.attribute(ATTRIBUTE, this);
    }

    public boolean may(Role needed) {
        return role.may(needed);
    }

    public boolean mayOperate() {
        return may(Role.OPERATOR);
    }

    public boolean mayAdminister() {
        return may(Role.ADMIN);
    }
}
