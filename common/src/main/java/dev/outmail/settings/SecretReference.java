package dev.outmail.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where a secret is kept. The settings hold the reference only; whoever needs the secret resolves
/// it at that moment, so that a changed file counts from the next connection on.
public sealed interface SecretReference {

    /// An environment variable of the program that sends.
    record Environment(String name) implements SecretReference {
        @Override
        public String toString() {
            return "env:" + name;
        }
    }

    /// A file readable by the program that sends; one line end at its end is not part of the
    /// secret.
    record SecretFile(Path path) implements SecretReference {
        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    /// Reads a reference.
    ///
    /// @throws IllegalArgumentException naming the accepted forms; never repeating the text, which
    ///   may be the secret itself
    static SecretReference parse(String text) {
        if (text.startsWith("env:") && text.substring(4).matches("[A-Za-z_][A-Za-z0-9_]*")) {
            return new Environment(text.substring(4));
        }
        if (text.startsWith("file:/") && text.chars().noneMatch(Character::isISOControl)) {
            return new SecretFile(Path.of(text.substring(5)));
        }
        throw new IllegalArgumentException(
                "a password is given by reference: env:NAME for an environment variable of the worker,"
                        + " or file:/PATH for a file on its host");
    }

    /// The secret, read now.
    ///
    /// @throws SecretUnavailable saying what is missing
    default Secret resolve(Map<String, String> environment) throws SecretUnavailable {
        return switch (this) {
            case Environment variable -> {
                String value = environment.get(variable.name());
                if (value == null || value.isEmpty()) {
                    throw new SecretUnavailable(
                            "the environment variable " + variable.name() + " is not set here");
                }
                yield new Secret(value);
            }
            case SecretFile file -> read(file.path());
        };
    }

    private static Secret read(Path file) throws SecretUnavailable {
        String value;
        try {
            value = Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new SecretUnavailable(
                    "the secret file " + file + " can't be read: " + e.getClass().getSimpleName());
        }
        if (value.isEmpty()) {
            throw new SecretUnavailable("the secret file " + file + " is empty");
        }
        return new Secret(value);
    }

    /// A secret that is not where its reference says.
    final class SecretUnavailable extends Exception {
        private static final long serialVersionUID = 1L;

        SecretUnavailable(String message) {
            super(message);
        }
    }
}
