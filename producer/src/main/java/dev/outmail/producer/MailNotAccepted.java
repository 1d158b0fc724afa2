package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import dev.outmail.mail.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Kafka did not confirm one event in time, or several when Outmail was closed: it may have them or
/// not. The same events with the same ids may be published again.
public final class MailNotAccepted extends MailException {
    private static final long serialVersionUID = 1L;

    private final transient List<EventId> events;

    public MailNotAccepted(String message, @Nullable Throwable cause) {
        this(message, List.of(), cause);
    }

    public MailNotAccepted(String message, List<EventId> events, @Nullable Throwable cause) {
        super(Reason.UNAVAILABLE, message, cause);
        this.events = List.copyOf(events);
    }

    /// Which they are.
    public List<EventId> events() {
        return events;
    }
}
