package dev.outmail.delivery.mime;

import dev.outmail.mail.EventId;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.MailEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Message-IDs (RFC 5322 §3.6.4) that follow from what they identify: every attempt at an event, on
/// whatever machine, has the same one, by which a second copy can be told from a second mail. A
/// finished message that has one keeps it.
public final class MessageId {
    private static final String DOMAIN = "id.outmail.dev";
    private static final MessageDigest SHA_256 = newSha256();
    private static final byte[] BASE32 =
            "abcdefghijklmnopqrstuvwxyz234567".getBytes(StandardCharsets.US_ASCII);

    /// 160 of SHA-256's bits are 32 characters without padding; the field fits on one line.
    private static final int TOKEN_BYTES = 20;

    private MessageId() {}

    /// The id of the event's message, in angle brackets.
    public static String of(MailEvent event) {
        return switch (event.content()) {
            case MailEvent.Written written -> of(event.id());
            case MailEvent.Finished finished -> of(event.id(), finished.message());
        };
    }

    /// The id of a finished message, which may have one of its own.
    static String of(EventId event, FinishedMessage message) {
        return message.messageId().orElseGet(() -> of(event));
    }

    /// The id of the message that is made of an event.
    public static String of(EventId event) {
        return inBrackets(token(event));
    }

    /// The id that all mails of a conversation refer to; no mail has it for its own.
    static String ofConversation(String source, String conversation) {
        return inBrackets(hash(source, "conversation", conversation));
    }

    /// What is particular to an event, of the characters `a` to `z` and `2` to `7`.
    static String token(EventId event) {
        return hash(event.source(), event.id());
    }

    static String inBrackets(String token) {
        return "<" + token + "@" + DOMAIN + ">";
    }

    /// Each part goes in behind its length, so that no two lists of parts are hashed as the same
    /// bytes.
    private static String hash(String... parts) {
        var hashed = new ByteArrayOutputStream();
        for (var part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            for (int shift = 24; shift >= 0; shift -= 8) {
                hashed.write(bytes.length >>> shift);
            }
            hashed.writeBytes(bytes);
        }
        return base32(sha256().digest(hashed.toByteArray()));
    }

    private static String base32(byte[] digest) {
        var token = new byte[TOKEN_BYTES * 8 / 5];
        int size = 0;
        int bits = 0;
        int held = 0;
        for (int i = 0; i < TOKEN_BYTES; i++) {
            bits = (bits << 8) | (digest[i] & 0xff);
            for (held += 8; held >= 5; held -= 5) {
                token[size++] = BASE32[(bits >>> (held - 5)) & 31];
            }
        }
        return new String(token, StandardCharsets.US_ASCII);
    }

    /// A copy, which is quicker had than a new one.
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            return newSha256();
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
