package dev.outmail.deadletters;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Decides how actions on letters are done. What it plans for a letter is the same each time, so
/// that doing it twice is one attempt or one event twice, which the ledger knows for a duplicate.
final class Plans {
    static final String REPLAY_OF = "X-Outmail-Replay-Of";

    private static final int MAX_ID = 200;
    private static final int MARK_BYTES = 8;

    private final Topics topics;
    private final EventCodec codec;
    private final int eventPartitions;
    private final InstantSource clock;

    /// @param eventPartitions how many the events topic has
    Plans(Topics topics, EventCodec codec, int eventPartitions, InstantSource clock) {
        this.topics = topics;
        this.codec = codec;
        this.eventPartitions = eventPartitions;
        this.clock = clock;
    }

    /// @param before by which the letter was settled, where that counts
    Plan plan(DeadLetter letter, @Nullable Resolution before, Action action) {
        if (before != null && action.kind().settles()) {
            return new Plan.Settled(before);
        }
        return switch (action) {
            case Action.Discard discard -> new Plan.WriteDown();
            case Action.Replay replay -> whole(letter, event -> replay(letter, event));
            case Action.Release release -> whole(letter, event -> release(letter, event));
            case Action.CopyTo copy -> whole(letter, event -> copy(letter, event, copy.mailbox()));
        };
    }

    private interface OfEvent {
        Plan plan(MailEvent event);
    }

    private static Plan whole(DeadLetter letter, OfEvent plan) {
        if (letter.value() == null) {
            return new Plan.Refused("its event is not kept here" + place(letter.why()));
        }
        return switch (letter.content()) {
            case Decoded.Ok ok -> plan.plan(ok.event());
            case Decoded.Malformed malformed ->
                    new Plan.Refused("it is no event: " + malformed.problems().getFirst());
        };
    }

    private static String place(Why why) {
        var origin = why.origin();
        return origin == null
                ? ""
                : ", it was at "
                        + origin.topic()
                        + "-"
                        + origin.partition()
                        + "@"
                        + origin.offset();
    }

    private Plan replay(DeadLetter letter, MailEvent event) {
        return letter.why().isInDoubt()
                ? new Plan.Refused("a server may have taken it: release or discard it")
                : again(letter, event, clock.instant());
    }

    /// What a server may have is sent as it was, its date included: should it come twice, the two
    /// are the same.
    private Plan release(DeadLetter letter, MailEvent event) {
        var acceptedAt = letter.why().acceptedAt();
        return letter.why().isInDoubt()
                ? again(letter, event, acceptedAt == null ? letter.at() : acceptedAt)
                : new Plan.Refused("it is not held in doubt: replay or discard it");
    }

    /// The same event, as one attempt more for those who did not get it. It goes to the partition
    /// that it came from, where the ledger knows it.
    ///
    /// @param acceptedAt from which the age counts after which a mail is given up
    private Plan again(DeadLetter letter, MailEvent event, Instant acceptedAt) {
        var expiresAt = event.terms().expiresAt();
        if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
            return new Plan.Refused("it expired at " + expiresAt + " and would do so again");
        }
        var open = open(letter.why(), event);
        if (open.isEmpty()) {
            return new Plan.Refused("none of its recipients is known to have missed it");
        }
        var partition = partition(letter.why()).orElse(RetryState.ANY_PARTITION);
        var retry =
                new RetryState(
                        nextAttempt(letter),
                        acceptedAt,
                        null,
                        partition,
                        open,
                        accepted(event, open));
        var record = record(letter, letter.value(), header -> false);
        record.headers().add(Headers.RETRY, RetryStateCodec.encode(retry));
        return new Plan.Publish(record);
    }

    /// What the worker said; or else above all that the ledger can have seen of the event: the
    /// attempts made, and the one that the record stood for, which may have ended before it was
    /// made.
    private static int nextAttempt(DeadLetter letter) {
        int said = letter.why().nextAttempt();
        if (said > 0) {
            return Math.min(said, RetryState.MAX_ATTEMPT);
        }
        int carried =
                switch (RetryStateCodec.decode(retryHeader(letter), letter.at())) {
                    case RetryHeader.Present present -> present.state().attempt();
                    case RetryHeader.None none -> 1;
                    case RetryHeader.Invalid invalid -> 1;
                };
        int last = Math.max(letter.why().attempts(), carried);
        return Math.min(last, RetryState.MAX_ATTEMPT - 1) + 1;
    }

    private static byte @Nullable [] retryHeader(DeadLetter letter) {
        byte[] value = null;
        for (var header : letter.headers()) {
            if (header.key().equals(Headers.RETRY)) {
                value = header.value();
            }
        }
        return value;
    }

    /// Those who got it before, for the log.
    private static List<RetryState.Judged> accepted(MailEvent event, List<EmailAddress> open) {
        var stillOpen = new HashSet<>(open);
        return event.addressing().recipients().stream()
                .filter(recipient -> !stillOpen.contains(recipient))
                .map(recipient ->
                        new RetryState.Judged(
                                recipient, RetryState.Verdict.ACCEPTED, "accepted", ""))
                .toList();
    }

    /// Everybody, where the letter doesn't say.
    private static List<EmailAddress> open(Why why, MailEvent event) {
        var all = event.addressing().recipients();
        if (why.undelivered().isEmpty()) {
            return all;
        }
        var undelivered = new HashSet<>(why.undelivered());
        return all.stream().filter(address -> undelivered.contains(address.toString())).toList();
    }

    /// An event of its own: all that the other one says, for one mailbox, now.
    private Plan copy(DeadLetter letter, MailEvent event, Mailbox to) {
        try {
            var plain = codec.encode(copyOf(letter, event, to));
            return new Plan.Publish(record(letter, plain, EventCodec::isOfCloudEvents));
        } catch (InvalidMailEvent e) {
            return new Plan.Refused("the copy would be no event: " + e.problems().getFirst());
        }
    }

    private static MailEvent copyOf(DeadLetter letter, MailEvent event, Mailbox to) {
        var addressing = event.addressing();
        return new MailEvent(
                copyId(letter, event.id(), to.address()),
                event.type(),
                event.profile(),
                new MailEvent.Addressing(
                        addressing.from(), List.of(to), List.of(), List.of(), addressing.replyTo()),
                marked(event.content(), event.id()),
                new MailEvent.Terms(null, null, event.terms().onDoubt()),
                event.metadata());
    }

    private static MailEvent.Content marked(MailEvent.Content content, EventId original) {
        return switch (content) {
            case MailEvent.Written written ->
                    new MailEvent.Written(
                            written.subject(),
                            written.text(),
                            written.html(),
                            written.attachments(),
                            marked(written.headers(), original),
                            written.conversation());
            case MailEvent.Finished finished ->
                    new MailEvent.Finished(
                            finished.message()
                                    .without(REPLAY_OF::equalsIgnoreCase)
                                    .with(REPLAY_OF, original.toString()));
        };
    }

    private static Map<String, String> marked(Map<String, String> headers, EventId original) {
        var marked = new LinkedHashMap<>(headers);
        marked.keySet().removeIf(REPLAY_OF::equalsIgnoreCase);
        marked.put(REPLAY_OF, original.toString());
        return marked;
    }

    /// The same for the same letter and mailbox, and no other's.
    private static EventId copyId(DeadLetter letter, EventId original, EmailAddress to) {
        var suffix = "-copy-" + mark(original + "\n" + letter.position() + "\n" + to);
        var id = original.id();
        int room = MAX_ID - suffix.length();
        if (id.length() > room) {
            id = id.substring(0, Character.isHighSurrogate(id.charAt(room - 1)) ? room - 1 : room);
        }
        return new EventId(original.source(), id + suffix);
    }

    private static String mark(String text) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(
            DeadLetter letter, byte @Nullable [] value, Predicate<Header> leftOut) {
        var record =
                new ProducerRecord<byte[], byte[]>(
                        topics.events(), partition(letter.why()).orElse(null), letter.key(), value);
        letter.headers().stream()
                .filter(header -> !header.key().startsWith(Headers.PREFIX))
                .filter(leftOut.negate())
                .forEach(record.headers()::add);
        return record;
    }

    /// By its key, where its partition is not known or not there.
    private Optional<Integer> partition(Why why) {
        return Optional.ofNullable(why.origin())
                .map(origin -> origin.partition())
                .filter(partition -> partition < eventPartitions);
    }
}
