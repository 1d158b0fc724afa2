package dev.outmail.console.settings;

import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import dev.outmail.settings.Secrets;
import org.jspecify.annotations.Nullable;

/// The password that a test logs in with. What is stored goes to the server that it is stored for
/// and to no other, whatever a form says.
///
/// @param password null where there is none to use
/// @param trouble why there is none
record TestSecret(@Nullable String password, String trouble) {
    static TestSecret of(PasswordEntry entry, String profile, SmtpServer tested, Site site) {
        return switch (entry) {
            case PasswordEntry.Typed typed -> new TestSecret(typed.password(), "");
            case PasswordEntry.Reference reference ->
                    none("a reference is used once it is saved, not before");
            case PasswordEntry.Stored stored -> stored(profile, tested, site);
        };
    }

    private static TestSecret stored(String profile, SmtpServer tested, Site site) {
        if (!(site.saved(profile).settings().connection() instanceof SmtpServer saved)
                || saved.login() == null
                || tested.login() == null
                || !isSame(saved, saved.login(), tested, tested.login())) {
            return none(
                    "the stored password is for another host, port, security or user name: type it in");
        }
        var deployment = site.deployment();
        var secrets =
                new Secrets(System.getenv(), deployment.keys(), deployment.topics().settings());
        try {
            var secret = secrets.password(saved, saved.login());
            try {
                return new TestSecret(secret.reveal(), "");
            } finally {
                secret.clear();
            }
        } catch (SecretUnavailable e) {
            return none(e.getMessage() + "; workers may have it all the same");
        }
    }

    private static boolean isSame(
            SmtpServer saved, Login savedLogin, SmtpServer tested, Login testedLogin) {
        return saved.host().equals(tested.host())
                && saved.port() == tested.port()
                && saved.security() == tested.security()
                && savedLogin.username().equals(testedLogin.username());
    }

    private static TestSecret none(String trouble) {
        return new TestSecret(null, trouble);
    }

    @Override
    public String toString() {
        return password == null ? trouble : "***";
    }
}
