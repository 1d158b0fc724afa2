package dev.outmail.delivery.mime;

import java.util.Objects;

/// An event as the MIME message that leaves.
///
/// @param bytes the message with CRLF line ends, the last line ended too; shared, not copied:
///   nobody changes them after
/// @param messageId the Message-ID field's value, with its angle brackets
/// @param requiresSmtpUtf8 whether a header field holds an address that needs SMTPUTF8 (RFC 6531);
///   the envelope may need it besides, for a blind recipient is in no header field
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ComposedMessage(byte[] bytes, String messageId, boolean requiresSmtpUtf8) {
    public ComposedMessage {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(messageId, "messageId");
    }

    @Override
    public String toString() {
        return "ComposedMessage[" + messageId + ", " + bytes.length + " bytes]";
    }
}
