package dev.outmail.producer;

import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.mail.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes events of one source and profile: new ones, and those of finished messages that come from
/// programs which know nothing of events.
///
/// What is particular to an event a finished message may say in header fields, which don't leave:
/// `X-Outmail-Id`, `-Source`, `-Type`, `-Profile`, `-Send-At`, `-Expires-At` and `-On-Doubt`, with
/// values as in the event's JSON. The id gets a hash of the recipients behind it, 17 characters
/// such as `/1f4a52c07d9be863`.
///
/// A message with a Message-ID has the same event id when it is handed over again, byte by byte and
/// with the same envelope: whoever did not hear that it was accepted may try again, and it is sent
/// once. One without gets a random id each time.
///
/// @param source who publishes, where the event or message doesn't say
/// @param profile the settings to use, where the event or message doesn't say
public record Submission(String source, String profile) {
    private static final String PREFIX = "x-outmail-";
    private static final String REPLAY_OF = "x-outmail-replay-of";
    private static final String RECEIVED = "Received";
    private static final int MAX_ID = 200;
    private static final int HASH_BYTES = 16;
    private static final int SHORT_HASH_BYTES = 8;

    public Submission() {
        this(MailEvent.DEFAULT_SOURCE, MailEvent.DEFAULT_PROFILE);
    }

    /// An event of this source and profile, yet to be written.
    public MailEventBuilder newEvent() {
        return MailEvent.builder().source(source).profile(profile);
    }

    /// The event by which a message is sent.
    ///
    /// @param rfc5322 the message, as [MailEventBuilder#message] takes it
    /// @param sender of the envelope; null for the one in the message's From
    /// @param recipients of the envelope
    /// @throws InvalidMailEvent if there is anything wrong with it
    public MailEvent event(byte[] rfc5322, @Nullable String sender, Collection<String> recipients) {
        var random = UUID.randomUUID().toString();
        return event(FinishedMessage.of(rfc5322), sender, recipients, random);
    }

    /// The same of one that was read before.
    ///
    /// @param id of the event, where none follows from the message
    public MailEvent event(
            FinishedMessage message,
            @Nullable String sender,
            Collection<String> recipients,
            String id) {
        var plain = message.without(Submission::isOurs);
        var event = newEvent().to(recipients).message(plain);
        if (sender != null) {
            event.from(sender);
        }
        event.id(idOf(plain, sender, recipients).orElse(id));
        for (var name : message.fieldNames()) {
            if (isOurs(name)) {
                say(name, message.field(name).orElse(""), recipients, event);
            }
        }
        return event.build();
    }

    private static boolean isOurs(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX) && !lower.equals(REPLAY_OF);
    }

    private static void say(
            String name, String value, Collection<String> recipients, MailEventBuilder event) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "x-outmail-id" ->
                    event.id(value.isEmpty() ? value : value + "/" + hash(recipients));
            case "x-outmail-source" -> event.source(value);
            case "x-outmail-type" -> event.type(value);
            case "x-outmail-profile" -> event.profile(value);
            case "x-outmail-send-at" -> event.sendAt(instant(name, value));
            case "x-outmail-expires-at" -> event.expiresAt(instant(name, value));
            case "x-outmail-on-doubt" -> event.onDoubt(onDoubt(name, value));
            default ->
                    throw invalid(
                            name,
                            "no field of this name is known",
                            "known are X-Outmail-Id, -Source, -Type, -Profile, -Send-At,"
                                    + " -Expires-At and -On-Doubt");
        }
    }

    private static Instant instant(String name, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw invalid(
                    name,
                    Problem.shown(value) + " is no instant",
                    "write it as 2026-11-22T09:00:00Z or with an offset, …+01:00");
        }
    }

    private static OnDoubt onDoubt(String name, String value) {
        return switch (value) {
            case "resend" -> OnDoubt.RESEND;
            case "hold" -> OnDoubt.HOLD;
            default ->
                    throw invalid(
                            name,
                            Problem.shown(value) + " is no answer to a doubt",
                            "write resend (at least once) or hold (at most once)");
        };
    }

    private static InvalidMailEvent invalid(String name, String what, String remedy) {
        return new InvalidMailEvent(List.of(new Problem(name, what, remedy)));
    }

    private static Optional<String> idOf(
            FinishedMessage message, @Nullable String sender, Collection<String> recipients) {
        return message.messageId()
                .map(messageId -> {
                    var hash = hash(message, sender, recipients);
                    var bare = messageId.substring(1, messageId.length() - 1);
                    return bare.length() + 1 + hash.length() > MAX_ID ? hash : bare + "/" + hash;
                });
    }

    /// Whoever has more recipients than a submission may have hands a message over several times:
    /// each of these is a mail of its own.
    private static String hash(Collection<String> recipients) {
        var digest = sha256();
        recipients.stream().sorted().forEach(recipient -> add(recipient, digest));
        return HexFormat.of().formatHex(digest.digest(), 0, SHORT_HASH_BYTES);
    }

    /// Of all but the words about the way that the message came, of which the length alone counts:
    /// a message that goes in circles is another one each time, and ends when it has gone too far.
    /// Each part is behind its length, so that no two lists of parts are hashed as the same bytes.
    private static String hash(
            FinishedMessage message, @Nullable String sender, Collection<String> recipients) {
        var digest = sha256();
        add(sender == null ? "" : sender, digest);
        recipients.forEach(recipient -> add(recipient, digest));
        add(Integer.toString(message.fields(RECEIVED).size()), digest);
        digest.update(message.bytes(RECEIVED::equalsIgnoreCase, new byte[0]));
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }

    private static void add(String part, MessageDigest digest) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
