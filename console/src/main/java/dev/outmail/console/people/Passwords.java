package dev.outmail.console.people;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Passwords and their hashes.
final class Passwords {
    static final int SHORTEST = 12;

    /// All that bcrypt looks at.
    private static final int MOST_BYTES = 72;

    private final int cost;

    /// Takes as long as any other, so that names that are none take as long, too.
    private final String nobodys;

    /// @param cost of bcrypt, 4 to 31; 12 takes a fifth of a second
    Passwords(int cost) {
        this.cost = cost;
        this.nobodys = hash("nobody has this password");
    }

    /// What is wrong with a new password.
    static Optional<String> problem(String password) {
        if (password.codePointCount(0, password.length()) < SHORTEST) {
            return Optional.of("A password has at least " + SHORTEST + " characters.");
        }
        return password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
                ? Optional.of("A password has at most " + MOST_BYTES + " bytes.")
                : Optional.empty();
    }

    String hash(String password) {
        return BCrypt.withDefaults().hashToString(cost, password.toCharArray());
    }

    boolean isOf(Optional<User> user, String password) {
        var bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_BYTES) {
            return false;
        }
        var hash = user.map(User::hash).orElse(nobodys).getBytes(StandardCharsets.UTF_8);
        return BCrypt.verifyer().verify(bytes, hash).verified && user.isPresent();
    }
}
