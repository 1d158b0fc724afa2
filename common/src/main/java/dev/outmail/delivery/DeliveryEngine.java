package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.mime.MimeMessageWriter;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes attempts at delivery: decides, composes, hands to a transport, and says how it ended. It
/// keeps nothing: what became of an event is for the caller to make durable. The same for the
/// background and for instant delivery.
public final class DeliveryEngine {
    private static final Logger log = LoggerFactory.getLogger(DeliveryEngine.class);

    private static final Duration AFTER_WITHHELD = Duration.ofSeconds(1);

    /// What waits longer is decided upon anew.
    private static final Duration LONGEST_IN_LINE = Duration.ofMinutes(1);

    private final Transports transports;
    private final InstantSource clock;
    private final Outcomes outcomes;

    public DeliveryEngine(Transports transports, InstantSource clock) {
        this.transports = transports;
        this.clock = clock;
        this.outcomes = new Outcomes(clock);
    }

    /// Makes one attempt by the settings given, which hold for all of it.
    public Outcome attempt(Undelivered mail, SettingsSnapshot settings)
            throws InterruptedException {
        return attempt(mail, settings, () -> Clearance.GIVEN);
    }

    /// The same with leave to be asked for before what can't be taken back.
    ///
    /// @param clearance called once, when the attempt is about to be handed to a transport by which
    ///   something leaves
    public Outcome attempt(
            Undelivered mail, SettingsSnapshot settings, Supplier<Clearance> clearance)
            throws InterruptedException {
        var now = clock.instant();
        return switch (Decision.decide(mail.event(), mail.open(), settings, now)) {
            case Decision.Wait wait ->
                    new Outcome.NotYet(
                            wait.until(),
                            Reason.NOT_BEFORE,
                            "to be sent at " + wait.until() + ", as its sendAt says");
            case Decision.Expire expire ->
                    new Outcome.Expired(
                            mail,
                            null,
                            Reason.EXPIRED,
                            "was to be sent before "
                                    + expire.expiredAt()
                                    + ", as its expiresAt says");
            case Decision.Hold hold -> new Outcome.Held(hold.reason(), hold.detail());
            case Decision.Drop drop -> outcomes.dropped(mail, drop);
            case Decision.Send send -> send(mail, send, clearance);
        };
    }

    private Outcome send(Undelivered mail, Decision.Send send, Supplier<Clearance> clearance)
            throws InterruptedException {
        var guarded = transports.by(send.means());
        // Who must wait anyway takes no place in the line.
        var wait = guarded.breaker().reasonToWait();
        if (wait != null) {
            return paused(wait);
        }
        return switch (guarded.gate().enter(domains(send), LONGEST_IN_LINE)) {
            case Gate.Full full -> new Outcome.Paused(full.pause(), Reason.BUSY, full.detail());
            case Gate.SlowDomain slow ->
                    new Outcome.Paused(slow.pause(), Reason.SLOW_DOMAIN, slow.detail());
            case Gate.Pass entered -> {
                // What is begun by settings that don't count any more would be late.
                try (entered;
                        var use = transports.begin(send.settings())) {
                    yield use == null
                            ? new Outcome.Paused(
                                    Duration.ZERO, Reason.BUSY, "the settings changed meanwhile")
                            : answered(guarded.breaker().ask(), mail, send, guarded, clearance);
                }
            }
        };
    }

    private static Set<String> domains(Decision.Send send) {
        return send.route().envelope().stream()
                .map(EmailAddress::domain)
                .collect(Collectors.toSet());
    }

    private static Outcome paused(Breaker.Answer.Wait wait) {
        return new Outcome.Paused(wait.time(), wait.reason(), wait.detail());
    }

    private Outcome answered(
            Breaker.Answer answer,
            Undelivered mail,
            Decision.Send send,
            Transports.Guarded guarded,
            Supplier<Clearance> clearance)
            throws InterruptedException {
        return switch (answer) {
            case Breaker.Answer.Wait wait -> paused(wait);
            case Breaker.Answer.Asked asked -> {
                try (var claim = asked.claim()) {
                    yield answered(claim.await(), mail, send, guarded, clearance);
                }
            }
            case Breaker.Answer.Go go -> {
                try (var permit = go.permit()) {
                    yield send(mail, send, guarded, permit, clearance);
                }
            }
        };
    }

    private Outcome send(
            Undelivered mail,
            Decision.Send send,
            Transports.Guarded guarded,
            Permit permit,
            Supplier<Clearance> clearance)
            throws InterruptedException {
        Outbound outbound;
        try {
            outbound = compose(mail, send, clearance(send, clearance));
        } catch (RuntimeException e) {
            return failedToCompose(mail, send, e);
        }
        var result =
                guarded.massRefusal()
                        .check(guarded.transport().deliver(outbound), permit.isAfterRefusalOfAll());
        permit.end(result);
        return switch (result) {
            case TransportResult.Trouble trouble ->
                    new Outcome.Troubled(
                            send.settings(), trouble, trouble.reason(), trouble.detail());
            case TransportResult.Busy busy ->
                    new Outcome.Paused(Duration.ZERO, Reason.BUSY, busy.detail());
            case TransportResult.Withheld withheld ->
                    new Outcome.Paused(AFTER_WITHHELD, Reason.WITHHELD, withheld.detail());
            case TransportResult.Judged judged -> outcomes.judged(mail, send, judged);
        };
    }

    private static Clearance clearance(Decision.Send send, Supplier<Clearance> clearance) {
        return switch (send.means()) {
            case Decision.Means.Silently silently -> Clearance.GIVEN;
            case Decision.Means.ByNativeMailer mailer -> send.route().noting(clearance.get());
            case Decision.Means.BySmtp smtp -> send.route().noting(clearance.get());
        };
    }

    private static Outbound compose(Undelivered mail, Decision.Send send, Clearance clearance) {
        var composed =
                MimeMessageWriter.write(
                        mail.event(), send.from(), send.isFromForced(), mail.acceptedAt());
        var recipients = send.route().envelope();
        return new Outbound(
                new Envelope(send.from().address(), recipients),
                composed.bytes(),
                composed.requiresSmtpUtf8(),
                clearance);
    }

    /// Composing is pure: what fails now fails each time. The event is kept as a dead letter.
    private static Outcome failedToCompose(
            Undelivered mail, Decision.Send send, RuntimeException failure) {
        log.atError()
                .addKeyValue("event", mail.event().id())
                .addKeyValue("failure", failure.getClass().getName())
                .log("An event can't be composed into a message; it becomes a dead letter");
        var detail =
                "the message can't be composed ("
                        + failure.getClass().getSimpleName()
                        + "); please report this";
        var rejected =
                send.route().envelope().stream()
                        .map(r ->
                                new RecipientVerdict(
                                        r, Verdict.REJECTED, Reason.INTERNAL_ERROR, detail))
                        .toList();
        var verdicts = send.route().verdicts(rejected);
        return new Outcome.Rejected(
                new Outcome.Attempt(send.settings(), "", verdicts, mail.after(verdicts)),
                Reason.INTERNAL_ERROR,
                detail);
    }

    /// How an attempt ended that was begun by a worker that is gone: in doubt, but for the
    /// recipients whose verdicts were noted down before.
    ///
    /// @param settled verdicts on some of those who were open before the attempt
    public Outcome interrupted(
            Undelivered mail, SettingsSnapshot settings, List<RecipientVerdict> settled) {
        return outcomes.interrupted(mail, settings, settled);
    }
}
