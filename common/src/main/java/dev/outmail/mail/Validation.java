package dev.outmail.mail;

import java.util.List;

/// What the rules say of an event being written.
public sealed interface Validation {

    record Valid(MailEvent event) implements Validation {}

    /// Not to be sent as it is.
    ///
    /// @param problems everything that is wrong, at least one thing
    record Invalid(List<Problem> problems) implements Validation {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
