package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.SmtpUtf8;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.VerdictSheet;
import dev.outmail.mail.EmailAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// One attempt at one message: as many transactions as its recipients need, on one connection, or
/// on another one where the first turned out to be no good. Runs in the thread of its connection,
/// while the thread that made it waits.
final class Delivery {
    /// What every server must take is 100 (RFC 5321 §4.5.3.1.8); what others send is 50.
    static final int MAX_RECIPIENTS_PER_TRANSACTION = 50;

    private final String server;
    private final SmtpTimeouts timeouts;
    private final Outbound message;
    private final EnvelopeCommands commands;
    private final Set<String> domains;
    private final VerdictSheet sheet;
    private final Leave leave;

    Delivery(String server, SmtpTimeouts timeouts, Outbound message) {
        this.server = server;
        this.timeouts = timeouts;
        this.message = message;
        this.commands = new EnvelopeCommands(message);
        this.domains = domainsOf(message.envelope().recipients());
        this.sheet = new VerdictSheet(message.envelope());
        this.leave = new Leave(message.clearance(), sheet);
    }

    private static Set<String> domainsOf(List<EmailAddress> recipients) {
        return recipients.size() == 1
                ? Set.of(recipients.getFirst().domain())
                : recipients.stream().map(EmailAddress::domain).collect(Collectors.toSet());
    }

    /// The recipients' domains.
    Set<String> domains() {
        return domains;
    }

    /// Makes the attempt. Nothing is returned where nothing came of it but a connection closed: it
    /// is to wait for another one.
    Optional<TransportResult> run(Lease lease) {
        try {
            lease.open();
            return converse(lease);
        } catch (SmtpTrouble trouble) {
            return Optional.of(result(trouble));
        }
    }

    private Optional<TransportResult> converse(Lease lease) throws SmtpTrouble {
        Ending ending = transactions(lease);
        if (ending instanceof Ending.Failed failed
                && failed.stale()
                && lease.isReused()
                && isWanted()) {
            if (!lease.renewIfAllowed()) {
                return Optional.empty();
            }
            ending = transactions(lease);
        }
        if (ending instanceof Ending.OutOfStep && isWanted()) {
            lease.renew();
            ending = transactions(lease);
        }
        return Optional.of(result(ending, lease));
    }

    private TransportResult result(Ending ending, Lease lease) {
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
            case Ending.Withheld withheld ->
                    sheet.result(new TransportResult.Withheld(server, withheld.detail()));
            case Ending.OutOfStep outOfStep -> {
                sheet.judgeRest(Verdict.DEFERRED, Reason.PROTOCOL_ERROR, outOfStep.detail());
                yield sheet.result(server);
            }
        };
    }

    /// Its end where no connection was to be had.
    TransportResult result(SmtpTrouble trouble) {
        return sheet.result(trouble.at(server));
    }

    /// Its end where all connections were in use for too long.
    TransportResult busy(String detail) {
        return sheet.isPartlySettled()
                ? sheet.result(
                        new TransportResult.Trouble(server, Kind.SERVER, Reason.BUSY, detail))
                : new TransportResult.Busy(server, detail);
    }

    /// Whether something must be told, whatever becomes of the rest.
    boolean isPartlySettled() {
        return sheet.isPartlySettled();
    }

    private static boolean isWanted() {
        return !Thread.currentThread().isInterrupted();
    }

    private Ending transactions(Lease lease) {
        SmtpSession session = lease.session();
        refuseWhatCantBeSent(session.offers());
        boolean first = !lease.isReused();
        Ending ending = new Ending.Clean();
        while (ending instanceof Ending.Clean && !sheet.isComplete()) {
            List<EmailAddress> pending = sheet.pending();
            List<EmailAddress> named = firstOf(pending);
            boolean last = named.size() == pending.size();
            leave.begin();
            ending =
                    new Transaction(session, timeouts, message.message(), leave, sheet, first)
                            .run(
                                    named,
                                    commands.to(named, session.offers()),
                                    last ? lease::firstWordsOfSuccessor : List::of);
            first = false;
        }
        return ending;
    }

    private static List<EmailAddress> firstOf(List<EmailAddress> pending) {
        return pending.subList(0, Math.min(pending.size(), MAX_RECIPIENTS_PER_TRANSACTION));
    }

    /// What it begins with on a connection, or nothing where that takes a judgement first. Called
    /// while the attempt waits.
    List<String> firstWords(SmtpSession session) {
        Offers offers = session.offers();
        if (isTooLarge(offers) || (message.requiresSmtpUtf8() && !offers.smtpUtf8())) {
            return List.of();
        }
        return commands.to(firstOf(sheet.pending()), offers);
    }

    /// Its envelope is about to be said; called while it waits.
    void beginAhead() {
        leave.beginAhead();
    }

    /// It is over, and will not begin.
    void giveUp() {
        leave.giveUp();
    }

    private boolean isTooLarge(Offers offers) {
        OptionalLong limit = offers.sizeLimit();
        return limit.isPresent() && message.message().length > limit.getAsLong();
    }

    private void refuseWhatCantBeSent(Offers offers) {
        if (isTooLarge(offers)) {
            sheet.judgeRest(
                    Verdict.REJECTED,
                    Reason.TOO_LARGE,
                    "the message has %d bytes, %s takes at most %d"
                            .formatted(
                                    message.message().length,
                                    server,
                                    offers.sizeLimit().orElseThrow()));
        }
        if (!offers.smtpUtf8()) {
            SmtpUtf8.rejectAffected(message, sheet, server + " does not offer SMTPUTF8");
        }
    }
}
