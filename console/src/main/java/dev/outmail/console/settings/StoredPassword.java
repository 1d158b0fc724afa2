package dev.outmail.console.settings;

import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.Sealed;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Settings;

/// What pages may tell of a password that is stored.
final class StoredPassword {
    private StoredPassword() {}

    /// Empty where there is none.
    static String of(Settings settings) {
        if (!(settings.connection() instanceof SmtpServer server) || server.login() == null) {
            return "";
        }
        return switch (server.login().password()) {
            case Sealed sealed -> "sealed with key " + sealed.keyId();
            case SecretReference.Environment variable -> variable.toString();
            case SecretReference.SecretFile file -> file.toString();
        };
    }
}
