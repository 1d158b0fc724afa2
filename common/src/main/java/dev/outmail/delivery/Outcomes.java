package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.wire.RetryState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What outcome the verdicts on a mail's recipients make.
final class Outcomes {
    private static final String WORKER_LOST =
            "the worker that made the attempt ended before it could write down how that went";

    private final InstantSource clock;

    Outcomes(InstantSource clock) {
        this.clock = clock;
    }

    /// Of a mail that the settings let nobody have any more.
    Outcome dropped(Undelivered mail, Decision.Drop drop) {
        if (drop.reason() != Reason.NOT_ALLOWED) {
            return new Outcome.Dropped(drop.settings(), drop.reason(), "outgoing mail is disabled");
        }
        var verdicts = Route.keptBack(mail.open());
        var after = mail.after(verdicts);
        var attempt = new Outcome.Attempt(drop.settings(), "", verdicts, after);
        var rejected = find(after.judged(), Verdict.REJECTED);
        if (rejected != null) {
            return new Outcome.Rejected(attempt, rejected.reason(), rejected.detail());
        }
        var accepted = find(after.judged(), Verdict.ACCEPTED);
        return accepted == null
                ? new Outcome.Dropped(drop.settings(), Reason.NOT_ALLOWED, Route.KEPT_BACK)
                : new Outcome.Sent(attempt, accepted.reason(), accepted.detail());
    }

    /// Of an attempt that its transport made.
    Outcome judged(Undelivered mail, Decision.Send send, TransportResult.Judged judged) {
        var verdicts = send.route().verdicts(judged.verdicts());
        var after = mail.after(verdicts);
        var attempt = new Outcome.Attempt(send.settings(), judged.server(), verdicts, after);
        var doubt = find(verdicts, Verdict.IN_DOUBT);
        if (doubt != null) {
            return inDoubt(mail, attempt, doubt);
        }
        var deferred = find(verdicts, Verdict.DEFERRED);
        if (deferred != null) {
            return tooOld(mail, send.settings())
                    ? givenUp(attempt, deferred)
                    : new Outcome.Deferred(attempt, deferred.reason(), deferred.detail());
        }
        var rejected = find(after.judged(), Verdict.REJECTED);
        return rejected == null
                ? accepted(attempt, send, send.route().detail(judged.detail()))
                : new Outcome.Rejected(attempt, rejected.reason(), rejected.detail());
    }

    /// Of an attempt that was begun by a worker that is gone.
    Outcome interrupted(
            Undelivered mail, SettingsSnapshot settings, List<RecipientVerdict> settled) {
        var profile = settings.profile(mail.event().profile());
        if (profile.isEmpty()) {
            var hold = Decision.hold(mail.event(), settings);
            return new Outcome.Held(
                    hold.reason(), hold.detail() + "; its last attempt is in doubt");
        }
        var verdicts = new ArrayList<>(settled);
        var judged = settled.stream().map(RecipientVerdict::recipient).collect(Collectors.toSet());
        for (var recipient : mail.open()) {
            if (!judged.contains(recipient)) {
                verdicts.add(
                        new RecipientVerdict(
                                recipient, Verdict.IN_DOUBT, Reason.WORKER_LOST, WORKER_LOST));
            }
        }
        var attempt = new Outcome.Attempt(profile.get(), "", verdicts, mail.after(verdicts));
        var doubt = find(verdicts, Verdict.IN_DOUBT);
        if (doubt != null) {
            return inDoubt(mail, attempt, doubt);
        }
        var rejected = find(attempt.after().judged(), Verdict.REJECTED);
        return rejected == null
                ? new Outcome.Sent(attempt, Reason.ACCEPTED, WORKER_LOST)
                : new Outcome.Rejected(attempt, rejected.reason(), rejected.detail());
    }

    private Outcome inDoubt(Undelivered mail, Outcome.Attempt attempt, RecipientVerdict doubt) {
        return mail.event().terms().onDoubt() == OnDoubt.HOLD || tooOld(mail, attempt.settings())
                ? new Outcome.HeldInDoubt(attempt, doubt.reason(), doubt.detail())
                : new Outcome.InDoubt(attempt, doubt.reason(), doubt.detail());
    }

    private static Outcome givenUp(Outcome.Attempt attempt, RecipientVerdict lastVerdict) {
        boolean tooMany = attempt.after().attempts() >= RetryState.MAX_ATTEMPT;
        return new Outcome.Expired(
                attempt.after(),
                attempt,
                Reason.EXPIRED,
                "given up after "
                        + (tooMany
                                ? attempt.after().attempts() + " attempts"
                                : attempt.settings().settings().giveUpAfter())
                        + "; the last answer was: "
                        + lastVerdict.detail());
    }

    private static Outcome accepted(Outcome.Attempt attempt, Decision.Send send, String detail) {
        var reason = send.route().redirectTo() == null ? Reason.ACCEPTED : Reason.REDIRECTED;
        return switch (send.means()) {
            case Decision.Means.Silently silently ->
                    new Outcome.Silenced(attempt, Reason.SILENT, detail);
            case Decision.Means.ByNativeMailer mailer -> new Outcome.Sent(attempt, reason, detail);
            case Decision.Means.BySmtp smtp -> new Outcome.Sent(attempt, reason, detail);
        };
    }

    /// By age; by number only where a header counts more attempts than anybody can have made, as
    /// the next one would have no number that tells it from this.
    private boolean tooOld(Undelivered mail, ProfileSettings profile) {
        if (mail.attempts() + 1 >= RetryState.MAX_ATTEMPT) {
            return true;
        }
        var sendAt = mail.event().terms().sendAt();
        var since =
                sendAt != null && sendAt.isAfter(mail.acceptedAt()) ? sendAt : mail.acceptedAt();
        var giveUpAt = since.plus(profile.settings().giveUpAfter());
        return !clock.instant().isBefore(giveUpAt);
    }

    private static @Nullable RecipientVerdict find(
            List<RecipientVerdict> verdicts, Verdict wanted) {
        for (var verdict : verdicts) {
            if (verdict.verdict() == wanted) {
                return verdict;
            }
        }
        return null;
    }
}
