package dev.outmail.mail;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A mailbox as people write it (RFC 5322 §3.4): an address and, perhaps, the name shown for it.
///
/// @param name the display name, decoded, without quotes and without space around it; null where
///   none was given. One line, no control characters, nothing that reorders text.
public record Mailbox(@Nullable String name, EmailAddress address) {

    /// Strips the name.
    ///
    /// @throws InvalidAddress if the name can't be shown
    public Mailbox {
        Objects.requireNonNull(address, "address");
        if (name != null) {
            String sound = InvalidAddress.orThrow(name, DisplayName.check(name));
            name = sound.isEmpty() ? null : sound;
        }
    }

    public static Mailbox of(EmailAddress address) {
        return new Mailbox(null, address);
    }

    /// Reads `ada@example.org`, `Ada Lovelace <ada@example.org>` or `"Lovelace, Ada"
    /// <ada@example.org>`.
    ///
    /// @throws InvalidAddress saying what was wrong
    public static Mailbox parse(String written) {
        return InvalidAddress.orThrow(written, AddressParser.mailbox(written));
    }

    /// The mailbox as [#parse] reads it.
    @Override
    public String toString() {
        return name == null ? address.toString() : DisplayName.write(name) + " <" + address + ">";
    }
}
