package dev.outmail.console.settings;

import java.util.Optional;

/// What a form says of a server's password.
sealed interface PasswordEntry {
    /// The one that is stored.
    record Stored() implements PasswordEntry {}

    /// One that was typed in. It shows itself to nobody.
    record Typed(String password) implements PasswordEntry {
        @Override
        public String toString() {
            return "***";
        }
    }

    /// Where programs find it.
    record Reference(String written) implements PasswordEntry {}

    static PasswordEntry of(Optional<String> kind, String typed, String reference) {
        return switch (kind.orElse("stored")) {
            case "new" -> new Typed(typed);
            case "reference" -> new Reference(reference);
            default -> new Stored();
        };
    }
}
