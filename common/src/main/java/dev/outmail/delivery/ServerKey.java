package dev.outmail.delivery;

import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.Sealed;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.SettingsSnapshot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Names a server and how we log in there, without saying a secret or a name: what breakers are
/// known by.
public final class ServerKey {
    private static final int DIGITS = 16;

    private ServerKey() {}

    /// Such as `smtp.example.com:587/starttls/4f1c…`. Another user name or another reference to the
    /// password is another key: nobody knows yet whether that login works.
    public static String of(SmtpServer server) {
        return server.address()
                + "/"
                + server.security().name().toLowerCase(Locale.ROOT)
                + "/"
                + login(server.login());
    }

    private static String login(@Nullable Login login) {
        return login == null ? "-" : digest(login.username() + "\n" + name(login.password()));
    }

    /// A sealed password is its profile's: it opens nothing for another.
    private static String name(SecretReference password) {
        return password instanceof Sealed sealed
                ? sealed.profile() + "\n" + sealed
                : password.toString();
    }

    /// Tells settings from those before and after: the revisions of all profiles with such a
    /// connection.
    static String fingerprint(SettingsSnapshot settings, Predicate<Connection> connection) {
        var revisions = new TreeSet<String>();
        for (var profile : settings.profiles().values()) {
            if (connection.test(profile.settings().connection())) {
                revisions.add(profile.profile() + "\n" + profile.revision());
            }
        }
        return digest(String.join("\n", revisions));
    }

    private static String digest(String text) {
        try {
            var bytes =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
