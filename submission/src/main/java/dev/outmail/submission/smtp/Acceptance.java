package dev.outmail.submission.smtp;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.submission.smtp.Destination.Envelope;
import dev.outmail.submission.smtp.SmtpInMeters.Verdict;
import dev.outmail.wire.EncodedSize;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers for messages: with 250 only for what Kafka has confirmed.
final class Acceptance {
    private static final Logger log = LoggerFactory.getLogger(Acceptance.class);
    private static final int MOST_HOPS = 50;

    private final Reception reception;

    Acceptance(Reception reception) {
        this.reception = reception;
    }

    /// @param memory of this message, from which what its event needs is taken
    Reply answer(Content content, Envelope envelope, Trace trace, MemoryBudget.Share memory)
            throws InterruptedException {
        return switch (content) {
            case Content.Whole whole -> check(envelope, whole.message(), trace, memory);
            case Content.TooLarge large -> tooLarge();
            case Content.Endless endless -> tooLarge();
            case Content.NoRoom full -> noRoom();
            case Content.BareLineEnds bare -> refused("5.6.0", "Lines of a message end with CRLF");
            case Content.FalseEnd falseEnd ->
                    refused("5.5.2", "A message ends with CRLF, a dot and CRLF");
            case Content.Gone gone -> Reply.NONE;
        };
    }

    private Reply noRoom() {
        reception.meters().message(Verdict.NO_ROOM);
        return Reply.of(452, "4.3.1", "No memory for this message now, try again later");
    }

    private Reply tooLarge() {
        reception.meters().message(Verdict.TOO_LARGE);
        return Reply.of(552, "5.3.4", "The message is larger than this server takes");
    }

    private Reply refused(String enhanced, String why) {
        reception.meters().message(Verdict.REFUSED);
        return Reply.of(554, enhanced, why);
    }

    private Reply check(Envelope envelope, byte[] message, Trace trace, MemoryBudget.Share memory)
            throws InterruptedException {
        if (Trace.hops(message) > MOST_HOPS) {
            return refused("5.4.6", "More than " + MOST_HOPS + " hops: this mail goes in circles");
        }
        long encoded = EncodedSize.of(message);
        if (encoded > reception.limits().maxBytes()) {
            return tooLarge();
        }
        return memory.takeInAll(message.length + encoded)
                ? publish(envelope, message, trace)
                : noRoom();
    }

    private Reply publish(Envelope envelope, byte[] message, Trace trace)
            throws InterruptedException {
        long started = reception.time().nanoTime().getAsLong();
        try {
            var accepted = reception.destination().publish(envelope, message, trace).get();
            long took = reception.time().nanoTime().getAsLong() - started;
            reception.meters().accepted(message.length, Duration.ofNanos(took));
            return Reply.of(
                    250, "2.0.0", "Queued as " + accepted.event().id() + " at " + accepted.place());
        } catch (InvalidMailEvent e) {
            return invalid(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MailNotAccepted known && known.isTooLarge()) {
                return tooLarge();
            }
            log.atDebug().addKeyValue("cause", e.getCause()).log("A message is not confirmed");
            reception.meters().message(Verdict.UNCONFIRMED);
            return Reply.of(451, "4.3.0", "Kafka has not confirmed it, please try again later");
        }
    }

    private Reply invalid(InvalidMailEvent e) {
        var first = e.problems().getFirst();
        return first.field().equals("event")
                ? tooLarge()
                : refused("5.6.0", "Message refused: " + first);
    }
}
