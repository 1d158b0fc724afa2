package dev.outmail.console.settings;

import java.util.Map;

/// What fields are called on pages.
final class FieldLabel {
    private static final Map<String, String> LABELS =
            Map.ofEntries(
                    Map.entry("connection.mode", "Connection"),
                    Map.entry("connection.host", "Host"),
                    Map.entry("connection.port", "Port"),
                    Map.entry("connection.security", "Security"),
                    Map.entry("connection.username", "User name"),
                    Map.entry("connection.password", "Password"),
                    Map.entry("connection.maxConnections", "Connections at a time"),
                    Map.entry("connection.messagesPerSecond", "Messages a second"),
                    Map.entry("timing", "Timing"),
                    Map.entry("usersMayChoose", "Users may choose"),
                    Map.entry("sender.address", "From address"),
                    Map.entry("sender.name", "From name"),
                    Map.entry("sender.force", "Always this sender"),
                    Map.entry("sender.incomingAddress", "Incoming address"),
                    Map.entry("retry.giveUpAfter", "Give up after"),
                    Map.entry("onlyTo", "Only to"),
                    Map.entry("redirectTo", "Redirect all mail to"));

    private FieldLabel() {}

    static String of(String field) {
        return LABELS.getOrDefault(field, field);
    }
}
