package dev.outmail.submission.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// AUTH (RFC 4954) by the mechanisms PLAIN (RFC 4616) and LOGIN. For one thread.
final class Login {
    static final String MECHANISMS = "PLAIN LOGIN";

    private static final Reply NO_BASE64 = Reply.of(501, "5.5.2", "That is no base64");
    private static final Reply CANCELLED = Reply.of(501, "5.7.0", "Login cancelled");
    private static final Reply WRONG = Reply.of(535, "5.7.8", "User name or password is wrong");
    private static final Reply TOO_OFTEN =
            Reply.of(454, "4.7.0", "Too many wrong passwords from this client, try again later");

    private final Users users;
    private final Clients.Client client;
    private final Dialogue dialogue;
    private @Nullable String user;

    /// Asks the client for more.
    interface Dialogue {
        /// The client's answer; empty where it has gone, or has heard already what was wrong.
        Optional<String> ask(Reply challenge) throws IOException;
    }

    Login(Users users, Clients.Client client, Dialogue dialogue) {
        this.users = users;
        this.client = client;
        this.dialogue = dialogue;
    }

    /// Who has logged in.
    Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /// @param argument mechanism and perhaps the first answer
    Reply attempt(String argument) throws IOException {
        if (user != null) {
            return Reply.OUT_OF_ORDER;
        }
        var words = argument.split(" ", 2);
        var first = words.length == 1 ? Optional.<String>empty() : Optional.of(words[1].strip());
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> plain(first);
            case "LOGIN" -> login(first);
            default -> Reply.of(504, "5.5.4", "Mechanisms are " + MECHANISMS);
        };
    }

    private Reply plain(Optional<String> first) throws IOException {
        var answer = first.isPresent() ? first : ask("");
        if (answer.isEmpty()) {
            return Reply.NONE;
        }
        if (answer.get().equals("*")) {
            return CANCELLED;
        }
        var decoded = decode(answer.get());
        if (decoded.isEmpty()) {
            return NO_BASE64;
        }
        byte[] message = decoded.get();
        int name = indexOfNul(message, 0) + 1;
        int password = indexOfNul(message, name) + 1;
        if (name == 0 || password == 0) {
            return WRONG;
        }
        // Nobody may act as somebody else: what stands first must be nothing, or the same.
        var actAs = text(message, 0, name - 1);
        var who = text(message, name, password - 1);
        return actAs.isEmpty() || actAs.equals(who)
                ? verdict(who, Arrays.copyOfRange(message, password, message.length))
                : WRONG;
    }

    private Reply login(Optional<String> first) throws IOException {
        var name = first.isPresent() ? first : ask("Username:");
        var password = name.filter(n -> !n.equals("*")).isEmpty() ? name : ask("Password:");
        if (name.isEmpty() || password.isEmpty()) {
            return Reply.NONE;
        }
        if (List.of(name.get(), password.get()).contains("*")) {
            return CANCELLED;
        }
        var who = decode(name.get());
        var secret = decode(password.get());
        return who.isEmpty() || secret.isEmpty()
                ? NO_BASE64
                : verdict(text(who.get(), 0, who.get().length), secret.get());
    }

    private Optional<String> ask(String challenge) throws IOException {
        var encoded =
                Base64.getEncoder().encodeToString(challenge.getBytes(StandardCharsets.US_ASCII));
        return dialogue.ask(new Reply(334, "", List.of(encoded)));
    }

    private Reply verdict(String name, byte[] password) {
        if (users.wasRight(name, password)) {
            return loggedIn(name);
        }
        if (!client.mayTryToLogIn(name)) {
            return TOO_OFTEN;
        }
        if (users.isRight(name, password)) {
            return loggedIn(name);
        }
        client.failedToLogIn(name);
        return WRONG;
    }

    private Reply loggedIn(String name) {
        user = name;
        return Reply.of(235, "2.7.0", "Logged in");
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64.equals("=") ? "" : base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
