package dev.outmail.mail;

/// An address that SMTP can carry (RFC 5321 §4.1.2 Mailbox, without address literals).
///
/// @param localPart as it goes on the wire, quoted where it must be and only there
/// @param domain lower case, in its ASCII form (`xn--…` where it was an IDN)
public record EmailAddress(String localPart, String domain) {

    /// Takes either part as a user may write it and keeps it as the wire wants it.
    ///
    /// @throws InvalidAddress if there is no such address
    public EmailAddress {
        var parts =
                InvalidAddress.orThrow(
                        localPart + "@" + domain, AddressParser.parts(localPart, domain));
        localPart = parts.localPart();
        domain = parts.domain();
    }

    /// Reads `ada@example.org`; no name, no angle brackets.
    ///
    /// @throws InvalidAddress saying what was wrong
    public static EmailAddress parse(String written) {
        return InvalidAddress.orThrow(written, AddressParser.address(written));
    }

    /// Whether only a server with SMTPUTF8 (RFC 6531) can take this address.
    public boolean requiresSmtpUtf8() {
        return !Characters.isAscii(localPart);
    }

    /// The address as it goes on the wire.
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
