package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.Mailbox;
import org.jspecify.annotations.Nullable;

/// Whom a profile's mails are from.
///
/// @param name shown beside the address, as [Mailbox] takes it; null for none
/// @param force whether it replaces the sender that an event names
public record Sender(EmailAddress address, @Nullable String name, boolean force) {
    /// Strips the name.
    ///
    /// @throws InvalidAddress if the name can't be shown
    public Sender {
        name = new Mailbox(name, address).name();
    }

    public Mailbox mailbox() {
        return new Mailbox(name, address);
    }
}
