package dev.outmail.testkit.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A message that a client sent up to its final dot, recorded before it is answered.
///
/// @param connection numbered from 1
/// @param sender what followed `MAIL FROM:`, such as `<a@example.org> SIZE=12`
/// @param recipients what followed each `RCPT TO:` that was accepted, such as `<b@example.org>`
/// @param content with dot-stuffing undone, up to and with the CRLF before the dot
/// @param user who logged in, or ""
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Received(
        int connection,
        boolean secure,
        String user,
        String sender,
        List<String> recipients,
        byte[] content) {
    public Received {
        recipients = List.copyOf(recipients);
    }

    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
