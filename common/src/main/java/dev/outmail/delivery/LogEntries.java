package dev.outmail.delivery;

import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes outcomes down as entries of the mailing log.
public final class LogEntries {
    private final String worker;

    /// @param worker who delivers, a worker's or an application's id
    public LogEntries(String worker) {
        this.worker = worker;
    }

    /// The entry for an outcome.
    ///
    /// @param mail as it was before the attempt
    /// @param record where the event is; null for one delivered instantly
    public LogEntry entry(
            Undelivered mail,
            Outcome outcome,
            Instant startedAt,
            Duration took,
            LogEntry.@Nullable Position record) {
        var settings = settings(outcome);
        return new LogEntry(
                event(mail.event()),
                startedAt.plus(took),
                name(outcome),
                outcome.reason().wireName(),
                outcome.detail(),
                attempt(mail, outcome),
                mail.event().profile(),
                settings == null ? 0 : settings.revision(),
                settings == null ? null : connection(settings.settings().connection()),
                server(outcome),
                worker,
                recipients(mail, outcome),
                MessageId.of(mail.event()),
                positive(Duration.between(mail.acceptedAt(), startedAt)),
                took,
                mail.event().metadata(),
                record);
    }

    private static LogEntry.Event event(MailEvent event) {
        return new LogEntry.Event(event.id().source(), event.id().id(), event.type());
    }

    /// The name under which the log knows an outcome.
    public static OutcomeName name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent sent -> OutcomeName.SENT;
            case Outcome.Silenced silenced -> OutcomeName.SILENCED;
            case Outcome.Dropped dropped -> OutcomeName.DROPPED;
            case Outcome.Rejected rejected -> OutcomeName.REJECTED;
            case Outcome.Expired expired -> OutcomeName.EXPIRED;
            case Outcome.Deferred deferred -> OutcomeName.DEFERRED;
            case Outcome.Troubled troubled -> OutcomeName.DEFERRED;
            case Outcome.InDoubt doubt -> OutcomeName.IN_DOUBT;
            case Outcome.HeldInDoubt held -> OutcomeName.HELD;
            case Outcome.Held held -> OutcomeName.HELD;
            case Outcome.Paused paused -> OutcomeName.DEFERRED;
            case Outcome.NotYet notYet -> OutcomeName.DEFERRED;
        };
    }

    private static @Nullable ProfileSettings settings(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Dropped dropped -> dropped.settings();
            case Outcome.Troubled troubled -> troubled.settings();
            case Outcome other -> {
                var attempt = attempt(other);
                yield attempt == null ? null : attempt.settings();
            }
        };
    }

    private static Outcome.@Nullable Attempt attempt(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent sent -> sent.attempt();
            case Outcome.Silenced silenced -> silenced.attempt();
            case Outcome.Rejected rejected -> rejected.attempt();
            case Outcome.Deferred deferred -> deferred.attempt();
            case Outcome.InDoubt doubt -> doubt.attempt();
            case Outcome.HeldInDoubt held -> held.attempt();
            case Outcome.Expired expired -> expired.lastAttempt();
            case Outcome.Dropped dropped -> null;
            case Outcome.Paused paused -> null;
            case Outcome.Troubled troubled -> null;
            case Outcome.Held held -> null;
            case Outcome.NotYet notYet -> null;
        };
    }

    private static int attempt(Undelivered mail, Outcome outcome) {
        var attempt = attempt(outcome);
        return attempt == null ? mail.attempts() : attempt.after().attempts();
    }

    private static @Nullable String server(Outcome outcome) {
        if (outcome instanceof Outcome.Troubled troubled) {
            return troubled.trouble().server();
        }
        var attempt = attempt(outcome);
        return attempt == null ? null : attempt.server();
    }

    /// At the end, what became of each recipient in any attempt; before it, what this one said.
    private static List<LogEntry.Recipient> recipients(Undelivered mail, Outcome outcome) {
        var said = new ArrayList<LogEntry.Recipient>();
        var attempt = attempt(outcome);
        if (attempt == null || outcome instanceof Outcome.Final) {
            mail.judged().forEach(verdict -> said.add(recipient(verdict)));
        }
        if (attempt == null) {
            mail.open().forEach(recipient -> said.add(unjudged(recipient, outcome)));
        } else {
            attempt.verdicts().forEach(verdict -> said.add(recipient(verdict)));
        }
        return said;
    }

    private static LogEntry.Recipient unjudged(EmailAddress recipient, Outcome outcome) {
        var keptBack = outcome.reason() == Reason.NOT_ALLOWED;
        return new LogEntry.Recipient(
                recipient.toString(),
                keptBack ? RecipientVerdict.Verdict.DROPPED.wireName() : "none",
                outcome.reason().wireName(),
                "");
    }

    private static LogEntry.Recipient recipient(RecipientVerdict verdict) {
        return new LogEntry.Recipient(
                verdict.recipient().toString(),
                verdict.verdict().wireName(),
                verdict.reason().wireName(),
                verdict.detail());
    }

    private static String connection(Connection connection) {
        return switch (connection) {
            case Connection.Disabled disabled -> "disabled";
            case Connection.Silent silent -> "silent";
            case Connection.NativeMailer mailer -> "native";
            case Connection.SmtpServer server -> "smtp";
        };
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /// The entry for a further record of an event that was dealt with, or is.
    public LogEntry duplicate(Undelivered mail, Instant at, LogEntry.Position record) {
        return new LogEntry(
                event(mail.event()),
                at,
                OutcomeName.DUPLICATE,
                Reason.DUPLICATE.wireName(),
                "another record of this event was delivered, or is being delivered",
                mail.attempts() + 1,
                mail.event().profile(),
                0,
                null,
                null,
                worker,
                List.of(),
                MessageId.of(mail.event()),
                positive(Duration.between(mail.acceptedAt(), at)),
                Duration.ZERO,
                mail.event().metadata(),
                record);
    }

    /// The entry for a record that is no event.
    public LogEntry malformed(
            Decoded.Malformed malformed, Instant acceptedAt, Instant at, LogEntry.Position record) {
        var id = malformed.id();
        var detail =
                malformed.problems().stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining(". "));
        return new LogEntry(
                id == null ? null : new LogEntry.Event(id.source(), id.id(), null),
                at,
                OutcomeName.MALFORMED,
                Reason.MALFORMED.wireName(),
                Printable.of(detail),
                0,
                null,
                0,
                null,
                null,
                worker,
                List.of(),
                null,
                positive(Duration.between(acceptedAt, at)),
                Duration.ZERO,
                Map.of(),
                record);
    }
}
