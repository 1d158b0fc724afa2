package dev.outmail.settings;

import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What a sealed password is bound to, as the associated data of its encryption: it opens for
/// nothing else. So whoever may write settings, but has no key, gets no password sent to a server
/// of his own.
///
/// @param topic the settings topic
public record Binding(
        String topic, String profile, String host, int port, Security security, String username) {
    private static final String FIELD = "connection.password";

    public static Binding of(String topic, String profile, SmtpServer server, String username) {
        return new Binding(
                topic, profile, server.host(), server.port(), server.security(), username);
    }

    /// Whether the second server takes over a sealed password of the first that does not open
    /// there, as what it is bound to differs.
    public static boolean isBroken(SmtpServer before, SmtpServer after) {
        var was = before.login();
        var is = after.login();
        return was != null
                && is != null
                && is.password() instanceof Sealed sealed
                && sealed.equals(was.password())
                && !of("", sealed.profile(), before, was.username())
                        .equals(of("", sealed.profile(), after, is.username()));
    }

    /// Each part with its length before it, so that no two bindings have the same.
    byte[] associatedData() {
        var parts =
                List.of(
                        Sealed.FORMAT,
                        topic,
                        profile,
                        FIELD,
                        host,
                        Integer.toString(port),
                        username,
                        security.name().toLowerCase(Locale.ROOT));
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }
}
