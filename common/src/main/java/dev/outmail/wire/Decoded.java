package dev.outmail.wire;

import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a record turned out to be.
public sealed interface Decoded {

    /// An event.
    ///
    /// @param trace the headers of W3C Trace Context that it has as a CloudEvent; beside those of
    ///   its record, which count first
    record Ok(MailEvent event, Map<String, String> trace) implements Decoded {
        public Ok {
            trace = Map.copyOf(trace);
        }

        public Ok(MailEvent event) {
            this(event, Map.of());
        }
    }

    /// No event, or none that is valid.
    ///
    /// @param id which event it would have been, as far as that could be read: an operator looks
    ///   for a lost mail by its id
    /// @param problems what is wrong, at least one thing
    record Malformed(@Nullable EventId id, List<Problem> problems) implements Decoded {
        public Malformed {
            problems = List.copyOf(problems);
        }
    }
}
