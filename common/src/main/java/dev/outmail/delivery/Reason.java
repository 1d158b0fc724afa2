package dev.outmail.delivery;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Why an attempt ended as it did. The wire name is the constant's, in lower case with hyphens.
public enum Reason {
    // what the settings or the event say
    DISABLED,
    SILENT,
    EXPIRED,
    DUPLICATE,
    NOT_BEFORE,
    NO_SETTINGS,
    UNKNOWN_PROFILE,
    INVALID_LOCK,
    NO_SENDER,
    NOT_ALLOWED,
    // verdicts
    ACCEPTED,
    REDIRECTED,
    UNKNOWN_RECIPIENT,
    MAILBOX_DISABLED,
    MAILBOX_FULL,
    TOO_MANY_RECIPIENTS,
    SENDER_REFUSED,
    POLICY,
    TOO_LARGE,
    SMTPUTF8_UNSUPPORTED,
    REFUSED,
    GREYLISTED,
    TEMPORARY,
    // trouble with the server or mailer
    UNREACHABLE,
    UNAVAILABLE,
    BUSY,
    SLOW_DOMAIN,
    TLS_FAILED,
    LOGIN_FAILED,
    ALL_REFUSED,
    CONNECTION_LOST,
    DEADLINE_EXCEEDED,
    ANSWER_LOST,
    WORKER_LOST,
    PROTOCOL_ERROR,
    MAILER_FAILED,
    MAILER_MISSING,
    // trouble of our own
    WITHHELD,
    MALFORMED,
    INTERNAL_ERROR;

    private static final Map<String, Reason> BY_WIRE_NAME =
            Stream.of(values()).collect(Collectors.toMap(Reason::wireName, reason -> reason));

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String wireName() {
        return wireName;
    }

    /// The reason of that name.
    static Optional<Reason> of(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }
}
