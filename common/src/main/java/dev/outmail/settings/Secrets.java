package dev.outmail.settings;

import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where this program has passwords from: its environment, files on its host, and its keys to
/// sealed ones. No record: it shows none of that.
public final class Secrets {
    private final Map<String, String> environment;
    private final KeyRing keys;
    private final String topic;

    /// @param topic the settings topic, which sealed passwords are bound to
    public Secrets(Map<String, String> environment, KeyRing keys, String topic) {
        this.environment = Map.copyOf(environment);
        this.keys = keys;
        this.topic = topic;
    }

    /// Without keys.
    public static Secrets of(Map<String, String> environment) {
        return new Secrets(environment, KeyRing.EMPTY, "");
    }

    /// The password of a login, read now.
    ///
    /// @throws SecretUnavailable saying what is missing
    public Secret password(SmtpServer server, Login login) throws SecretUnavailable {
        return switch (login.password()) {
            case SecretReference.Environment variable -> read(variable);
            case SecretReference.SecretFile file -> read(file.path());
            case Sealed sealed ->
                    keys.open(
                            sealed, Binding.of(topic, sealed.profile(), server, login.username()));
        };
    }

    /// Seals the password of a server anew, with the first of the keys.
    ///
    /// @throws SecretUnavailable when it can't be opened
    public Sealed sealAnew(String profile, SmtpServer server, Login login)
            throws SecretUnavailable {
        var password = password(server, login);
        try {
            return keys.seal(
                    password.reveal(), Binding.of(topic, profile, server, login.username()));
        } finally {
            password.clear();
        }
    }

    /// The profiles whose sealed password does not open here, and why.
    public SortedMap<String, String> unopened(SettingsSnapshot settings) {
        var unopened = new TreeMap<String, String>();
        settings.profiles()
                .forEach((profile, now) -> {
                    if (now.settings().connection() instanceof SmtpServer server
                            && server.login() != null
                            && server.login().password() instanceof Sealed) {
                        try {
                            password(server, server.login()).clear();
                        } catch (SecretUnavailable e) {
                            unopened.put(profile, String.valueOf(e.getMessage()));
                        }
                    }
                });
        return Collections.unmodifiableSortedMap(unopened);
    }

    private Secret read(SecretReference.Environment variable) throws SecretUnavailable {
        String value = environment.get(variable.name());
        if (value == null || value.isEmpty()) {
            throw new SecretUnavailable(
                    "the environment variable " + variable.name() + " is not set here");
        }
        return new Secret(value);
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
}
