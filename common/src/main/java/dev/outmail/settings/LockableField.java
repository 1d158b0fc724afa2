package dev.outmail.settings;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A field of settings that a deployment can lock, by its name on the settings topic.
enum LockableField {
    CONNECTION_MODE("connection.mode", Kind.TEXT),
    CONNECTION_HOST("connection.host", Kind.TEXT),
    CONNECTION_PORT("connection.port", Kind.NUMBER),
    CONNECTION_SECURITY("connection.security", Kind.TEXT),
    CONNECTION_USERNAME("connection.username", Kind.TEXT),
    CONNECTION_PASSWORD("connection.password", Kind.SECRET),
    CONNECTION_MAX_CONNECTIONS("connection.maxConnections", Kind.NUMBER),
    CONNECTION_MESSAGES_PER_SECOND("connection.messagesPerSecond", Kind.NUMBER_OR_NONE),
    TIMING("timing", Kind.TEXT),
    USERS_MAY_CHOOSE("usersMayChoose", Kind.TRUTH),
    SENDER_ADDRESS("sender.address", Kind.TEXT),
    SENDER_NAME("sender.name", Kind.TEXT),
    SENDER_FORCE("sender.force", Kind.TRUTH),
    SENDER_INCOMING_ADDRESS("sender.incomingAddress", Kind.TEXT_OR_NONE),
    RETRY_GIVE_UP_AFTER("retry.giveUpAfter", Kind.TEXT),
    ONLY_TO("onlyTo", Kind.LIST_OR_NONE),
    REDIRECT_TO("redirectTo", Kind.TEXT_OR_NONE);

    private enum Kind {
        TEXT,
        SECRET,
        NUMBER,
        TRUTH,
        TEXT_OR_NONE,
        NUMBER_OR_NONE,
        LIST_OR_NONE
    }

    private final String written;
    private final Kind kind;

    LockableField(String written, Kind kind) {
        this.written = written;
        this.kind = kind;
    }

    /// As on the topic, with the object that it is in before it.
    String written() {
        return written;
    }

    boolean isSecret() {
        return kind == Kind.SECRET;
    }

    static List<String> names() {
        return Stream.of(values()).map(LockableField::written).toList();
    }

    /// Puts the value in its place. What fits no such field is put there as a text, which is what
    /// the settings' own rules then refuse.
    ///
    /// @param value as a user writes it in a line; empty for a field that is not there
    void put(ObjectNode settings, String value) {
        int dot = written.indexOf('.');
        var object = dot < 0 ? settings : object(settings, written.substring(0, dot));
        var name = written.substring(dot + 1);
        if (value.isEmpty()) {
            object.putNull(name);
            return;
        }
        switch (kind) {
            case TEXT, SECRET -> object.put(name, value);
            case NUMBER -> number(object, name, value);
            case TRUTH -> truth(object, name, value);
            case TEXT_OR_NONE, NUMBER_OR_NONE, LIST_OR_NONE -> orNone(object, name, value);
        }
    }

    private static ObjectNode object(ObjectNode settings, String name) {
        return settings.get(name) instanceof ObjectNode object ? object : settings.putObject(name);
    }

    private void orNone(ObjectNode object, String name, String value) {
        if (value.equals("none")) {
            object.putNull(name);
        } else if (kind == Kind.LIST_OR_NONE) {
            Stream.of(value.split(",", -1)).map(String::strip).forEach(object.putArray(name)::add);
        } else if (kind == Kind.NUMBER_OR_NONE) {
            number(object, name, value);
        } else {
            object.put(name, value);
        }
    }

    private static void number(ObjectNode object, String name, String value) {
        if (value.matches("-?\\d{1,18}")) {
            object.put(name, Long.parseLong(value));
        } else if (value.matches("-?\\d{1,18}\\.\\d{1,18}")) {
            object.put(name, new BigDecimal(value));
        } else {
            object.put(name, value);
        }
    }

    private static void truth(ObjectNode object, String name, String value) {
        switch (value) {
            case "true" -> object.put(name, true);
            case "false" -> object.put(name, false);
            default -> object.put(name, value);
        }
    }
}
