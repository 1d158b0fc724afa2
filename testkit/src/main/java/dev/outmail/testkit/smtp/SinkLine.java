package dev.outmail.testkit.smtp;

import java.time.Instant;
import java.util.List;

/// A message whose final dot a server has read: a line of its ledger, written before it is
/// answered.
///
/// @param connection numbered from 1
/// @param client what the client called itself in EHLO
/// @param id the field `X-Test-Id`, or ""
/// @param body SHA-256 of what follows the header section, in hexadecimal
/// @param fault what goes wrong with the answer, or ""
/// @param refused whether the answer is 4xx or 5xx, so that the message is not there
public record SinkLine(
        Instant at,
        int connection,
        String client,
        String sender,
        List<String> recipients,
        String id,
        String messageId,
        String body,
        String fault,
        boolean refused) {
    public SinkLine {
        recipients = List.copyOf(recipients);
    }
}
