package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import dev.outmail.mail.EventId;
import java.util.List;
import org.apache.kafka.common.errors.RecordTooLargeException;
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

    /// Whether Kafka takes no event of this size: by its topic's or its broker's limit, which is
    /// below `event.max-bytes`. To publish it again is in vain until that was changed.
    public boolean isTooLarge() {
        return getCause() instanceof RecordTooLargeException;
    }

    /// Which they are.
    public List<EventId> events() {
        return events;
    }
}
