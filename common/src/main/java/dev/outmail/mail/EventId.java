package dev.outmail.mail;

import java.util.Objects;

/// The identity of an event: what two publications of the same mail have in common.
///
/// @param source who publishes, a URI reference such as `/projects`; 1 to 200 printable characters
/// @param id unique within its source; 1 to 200 printable characters
public record EventId(String source, String id) {
    /// Holds both to their rules.
    ///
    /// @throws InvalidMailEvent if one of them is empty, too long or not printable
    public EventId {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(id, "id");
        var problems = new Problems();
        IdentityRules.eventId(source, id, problems);
        problems.throwIfAny();
    }

    @Override
    public String toString() {
        return source + "#" + id;
    }
}
