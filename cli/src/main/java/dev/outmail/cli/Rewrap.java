package dev.outmail.cli;

import dev.outmail.settings.Authorship;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Sealed;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.SettingsStore.Saved;

/// Seals passwords anew with the first key of the ring, each by a checked save, so that it works
/// beside others who save.
final class Rewrap {
    private static final int TRIES = 20;

    private final SettingsStore store;
    private final Secrets secrets;
    private final String key;
    private final Authorship author;
    private final boolean dryRun;

    /// @param key the id of that key
    Rewrap(SettingsStore store, Secrets secrets, String key, Authorship author, boolean dryRun) {
        this.store = store;
        this.secrets = secrets;
        this.key = key;
        this.author = author;
        this.dryRun = dryRun;
    }

    /// What became of a profile's password, in words.
    ///
    /// @throws SecretUnavailable when it can't be opened
    String profile(ProfileSettings first) throws SecretUnavailable {
        var current = first;
        for (int tries = 0; tries < TRIES; tries++) {
            if (!(current.settings().connection() instanceof SmtpServer server)
                    || server.login() == null
                    || !(server.login().password() instanceof Sealed before)) {
                return "has no sealed password";
            }
            var login = server.login();
            var after = secrets.sealAnew(current.profile(), server, login);
            if (before.keyId().equals(key)) {
                return "is sealed with " + key + " already";
            }
            var keys = before.keyId() + " -> " + key;
            if (dryRun) {
                return "would be sealed anew: " + keys;
            }
            var anew = server.withLogin(new Login(login.username(), after));
            var saved =
                    store.save(
                            current.profile(),
                            current.revision(),
                            author,
                            settings -> settings.withConnection(anew));
            switch (saved) {
                case Saved.Ok ok -> {
                    return "is sealed anew: " + keys + ", revision " + ok.settings().revision();
                }
                case Saved.Conflict conflict -> {
                    if (conflict.current() == null) {
                        return "was removed meanwhile";
                    }
                    current = conflict.current();
                }
            }
        }
        throw new Failure(
                "Others save the settings of the profile '"
                        + first.profile()
                        + "' all the time; try again");
    }
}
