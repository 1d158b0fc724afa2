package dev.outmail.settings;

import java.nio.file.Path;

/// Where a secret is kept. The settings hold the reference only, or the secret sealed; whoever
/// needs it resolves it at that moment, by [Secrets], so that a changed file counts from the next
/// connection on.
public sealed interface SecretReference
        permits SecretReference.Environment, SecretReference.SecretFile, Sealed {

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

    /// Reads what the settings of a profile hold: a reference, or a sealed secret.
    ///
    /// @throws IllegalArgumentException never repeating the text
    static SecretReference parse(String profile, String text) {
        return Sealed.isWrittenSo(text) ? Sealed.parse(profile, text) : parse(text);
    }

    /// A secret that is not where its reference says, or can't be opened.
    final class SecretUnavailable extends Exception {
        private static final long serialVersionUID = 1L;

        SecretUnavailable(String message) {
            super(message);
        }
    }
}
