package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.Mailbox;
import org.jspecify.annotations.Nullable;

/// Whom a profile's mails are from.
///
/// @param name shown beside the address, as [Mailbox] takes it; null for none
/// @param force whether it replaces the sender that an event names
/// @param incomingAddress where the application reads the replies, as the admin entered it; null
///   where none was. Nothing is sent by it: it tells whether replies find their way back.
public record Sender(
        EmailAddress address,
        @Nullable String name,
        boolean force,
        @Nullable EmailAddress incomingAddress) {
    /// Strips the name.
    ///
    /// @throws InvalidAddress if the name can't be shown
    public Sender {
        name = new Mailbox(name, address).name();
    }

    /// Without a word on where replies are read.
    ///
    /// @throws InvalidAddress if the name can't be shown
    public Sender(EmailAddress address, @Nullable String name, boolean force) {
        this(address, name, force, null);
    }

    public Sender withIncomingAddress(@Nullable EmailAddress changed) {
        return new Sender(address, name, force, changed);
    }

    public Mailbox mailbox() {
        return new Mailbox(name, address);
    }
}
