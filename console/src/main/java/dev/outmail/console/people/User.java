package dev.outmail.console.people;

import dev.outmail.console.web.Role;

/// Somebody who may log in.
///
/// @param hash of the password, by bcrypt
record User(String name, Role role, String hash) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

    User {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a name is letters, digits, '.', '_', '@' and '-', at most 64");
        }
    }

    static boolean isName(String name) {
        return name.matches(NAME);
    }

    @Override
    public String toString() {
        return name + " (" + role.written() + ")";
    }
}
