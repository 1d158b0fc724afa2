package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import java.util.Objects;

/// A message ready to leave: its envelope, and its bytes with CRLF line ends, the last line ended
/// too. The bytes are shared, not copied: nobody changes them after.
///
/// @param headerRequiresSmtpUtf8 whether header fields hold addresses that need SMTPUTF8 (RFC 6531)
/// @param clearance to be asked for before each step that can't be taken back
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Outbound(
        Envelope envelope, byte[] message, boolean headerRequiresSmtpUtf8, Clearance clearance) {
    public Outbound {
        Objects.requireNonNull(envelope, "envelope");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(clearance, "clearance");
    }

    /// Whether the header or an address of the envelope needs SMTPUTF8.
    public boolean requiresSmtpUtf8() {
        return headerRequiresSmtpUtf8
                || envelope.sender().requiresSmtpUtf8()
                || envelope.recipients().stream().anyMatch(EmailAddress::requiresSmtpUtf8);
    }

    @Override
    public String toString() {
        return "Outbound["
                + envelope.recipients().size()
                + " recipients, "
                + message.length
                + " bytes]";
    }
}
