package dev.outmail.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What breakers of one server tell each other. Its order on the channel decides for all of them.
public sealed interface BreakerSignal {

    /// Whom it is from; unique to a process, so that one that starts again is another one.
    String from();

    /// Unique to its sender.
    String id();

    /// An attempt failed for the server's sake.
    ///
    /// @param probe the probe that failed; null where it was no probe
    /// @param settings what was in force when the attempt began
    record Trouble(String from, String id, @Nullable String probe, Cause cause, String settings)
            implements BreakerSignal {}

    /// It is open. Troubles and probes before this say so too: this repeats it in one record, for
    /// when they are gone, and for whoever reads the last record only.
    ///
    /// @param times in a row
    /// @param pause counted from `since`; until then nobody probes
    record Open(
            String from,
            String id,
            Cause cause,
            int times,
            Instant since,
            Duration pause,
            String settings)
            implements BreakerSignal {}

    /// The sender wants to probe; its id names the probe.
    record Probing(String from, String id, String settings) implements BreakerSignal {}

    /// A probe ended without a result.
    record Abandoned(String from, String id, String probe) implements BreakerSignal {}

    /// The server works.
    ///
    /// @param probe what found that out; null where it was no probe
    record Closed(String from, String id, @Nullable String probe) implements BreakerSignal {}

    /// What the trouble is.
    ///
    /// @param detail printable
    record Cause(TransportResult.Kind kind, Reason reason, String detail) {
        public Cause {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }

        static Cause of(TransportResult.Trouble trouble) {
            return new Cause(trouble.kind(), trouble.reason(), trouble.detail());
        }

        boolean isOfCredentials() {
            return kind == TransportResult.Kind.CREDENTIALS;
        }
    }
}
