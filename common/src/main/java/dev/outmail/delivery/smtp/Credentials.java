package dev.outmail.delivery.smtp;

import dev.outmail.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A login with its password, for as long as it takes to log in.
record Credentials(String user, Secret password) implements AutoCloseable {

    /// These words without the password in them: servers may quote the command that they refuse.
    String hideIn(String words) {
        String secret = password.reveal();
        return words.replace(base64(user + "\0" + user + "\0" + secret), "***")
                .replace(base64(secret), "***")
                .replace(secret, "***");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        password.clear();
    }
}
