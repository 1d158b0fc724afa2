package dev.outmail.wire;

import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a record's value turned out to be.
public sealed interface Decoded {

    record Ok(MailEvent event) implements Decoded {}

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
