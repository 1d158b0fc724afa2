package dev.outmail.bench.letter;

import org.jspecify.annotations.Nullable;

/// What one mail says, before anybody composes it.
///
/// @param number no other mail of the bench's process has it; the recipient is made of it
/// @param attachment a PDF's bytes by their looks; null for none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Letter(
        long number,
        String from,
        String to,
        String subject,
        String text,
        String html,
        byte @Nullable [] attachment) {
    public static final String ATTACHMENT_NAME = "plan.pdf";
    public static final String ATTACHMENT_TYPE = "application/pdf";
}
