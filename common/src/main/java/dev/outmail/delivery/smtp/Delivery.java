package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.SmtpUtf8;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.VerdictSheet;
import dev.outmail.mail.EmailAddress;
import java.util.List;
import java.util.OptionalLong;

/// One attempt at one message: as many transactions as its recipients need, on one connection, or
/// on a second one where the first turned out to be no good.
final class Delivery {
    /// What every server must take is 100 (RFC 5321 §4.5.3.1.8); what others send is 50.
    static final int MAX_RECIPIENTS_PER_TRANSACTION = 50;

    private final String server;
    private final ConnectionPool pool;
    private final SmtpTimeouts timeouts;
    private final Outbound message;
    private final VerdictSheet sheet;

    Delivery(String server, ConnectionPool pool, SmtpTimeouts timeouts, Outbound message) {
        this.server = server;
        this.pool = pool;
        this.timeouts = timeouts;
        this.message = message;
        this.sheet = new VerdictSheet(message.envelope());
    }

    TransportResult run() throws InterruptedException {
        TransportResult result;
        try (Lease lease = pool.lease()) {
            result = converse(lease);
        } catch (SmtpTrouble trouble) {
            result = sheet.result(trouble.at(server));
        } catch (ConnectionPool.NoneFree busy) {
            return new TransportResult.Busy(server, String.valueOf(busy.getMessage()));
        }
        // What was settled must be told; the caller's thread stays interrupted then.
        if (!sheet.isPartlySettled() && Thread.interrupted()) {
            throw new InterruptedException("interrupted while sending to " + server);
        }
        return result;
    }

    private TransportResult converse(Lease lease) throws SmtpTrouble {
        Ending ending = transactions(lease);
        if (ending instanceof Ending.Failed failed
                && failed.stale()
                && lease.isReused()
                && isWanted()) {
            lease.renew();
            ending = transactions(lease);
        }
        if (ending instanceof Ending.OutOfStep && isWanted()) {
            lease.renew();
            ending = transactions(lease);
        }
        return switch (ending) {
            case Ending.Clean ignored -> {
                lease.keep();
                yield sheet.result(server);
            }
            case Ending.Unclean ignored -> sheet.result(server);
            case Ending.Failed failed ->
                    sheet.result(
                            new TransportResult.Trouble(
                                    server,
                                    failed.kind(),
                                    failed.ruling().reason(),
                                    failed.detail()));
            case Ending.OutOfStep outOfStep -> {
                sheet.judgeRest(Verdict.DEFERRED, Reason.PROTOCOL_ERROR, outOfStep.detail());
                yield sheet.result(server);
            }
        };
    }

    private static boolean isWanted() {
        return !Thread.currentThread().isInterrupted();
    }

    private Ending transactions(Lease lease) {
        SmtpSession session = lease.session();
        refuseWhatCantBeSent(session);
        boolean first = !lease.isReused();
        Ending ending = new Ending.Clean();
        while (ending instanceof Ending.Clean && !sheet.isComplete()) {
            List<EmailAddress> pending = sheet.pending();
            int count = Math.min(pending.size(), MAX_RECIPIENTS_PER_TRANSACTION);
            ending =
                    new Transaction(session, timeouts, message, sheet, first)
                            .run(pending.subList(0, count));
            first = false;
        }
        return ending;
    }

    private void refuseWhatCantBeSent(SmtpSession session) {
        OptionalLong limit = session.sizeLimit();
        int size = message.message().length;
        if (limit.isPresent() && size > limit.getAsLong()) {
            sheet.judgeRest(
                    Verdict.REJECTED,
                    Reason.TOO_LARGE,
                    "the message has %d bytes, %s takes at most %d"
                            .formatted(size, server, limit.getAsLong()));
        }
        if (!session.offers("SMTPUTF8")) {
            SmtpUtf8.rejectAffected(message, sheet, server + " does not offer SMTPUTF8");
        }
    }
}
