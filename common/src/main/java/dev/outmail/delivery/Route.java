package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Guards;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// To whom a mail goes by the guards of the settings, and what an answer then means for each of its
/// recipients.
///
/// @param served the recipients who get it, or somebody else in their place
/// @param keptBack the recipients whom the settings keep it from, for good
/// @param redirectTo who gets it, once, in place of all who are served; null for themselves
public record Route(
        List<EmailAddress> served, List<EmailAddress> keptBack, @Nullable EmailAddress redirectTo) {
    static final String KEPT_BACK = "kept back: onlyTo of the settings does not allow it";

    public Route {
        served = List.copyOf(served);
        keptBack = List.copyOf(keptBack);
    }

    static Route of(Guards guards, List<EmailAddress> recipients) {
        if (guards.onlyTo() == null) {
            return new Route(recipients, List.of(), guards.redirectTo());
        }
        var served = new ArrayList<EmailAddress>();
        var keptBack = new ArrayList<EmailAddress>();
        for (var recipient : recipients) {
            (guards.allows(recipient) ? served : keptBack).add(recipient);
        }
        return new Route(served, keptBack, guards.redirectTo());
    }

    /// Whom the envelope names.
    List<EmailAddress> envelope() {
        return redirectTo == null ? served : List.of(redirectTo);
    }

    /// Whether what is said of the envelope's recipients is all there is to say.
    boolean isDirect() {
        return redirectTo == null && keptBack.isEmpty();
    }

    /// What an attempt means for the mail's recipients: what was said of the one in their place is
    /// said of them.
    ///
    /// @param said of recipients of the envelope
    List<RecipientVerdict> verdicts(List<RecipientVerdict> said) {
        if (isDirect()) {
            return said;
        }
        var verdicts = new ArrayList<RecipientVerdict>();
        for (var one : said) {
            if (redirectTo == null) {
                verdicts.add(one);
            } else {
                redirected(one, verdicts);
            }
        }
        verdicts.addAll(keptBack(keptBack));
        return verdicts;
    }

    private void redirected(RecipientVerdict said, List<RecipientVerdict> verdicts) {
        var reason = said.verdict() == Verdict.ACCEPTED ? Reason.REDIRECTED : said.reason();
        var detail = detail(said.detail());
        for (var recipient : served) {
            verdicts.add(new RecipientVerdict(recipient, said.verdict(), reason, detail));
        }
    }

    static List<RecipientVerdict> keptBack(List<EmailAddress> recipients) {
        return recipients.stream()
                .map(recipient ->
                        new RecipientVerdict(
                                recipient, Verdict.DROPPED, Reason.NOT_ALLOWED, KEPT_BACK))
                .toList();
    }

    /// The other side's words, with whom they are about where nobody would guess it.
    String detail(String words) {
        return redirectTo == null
                ? words
                : Printable.of("redirected to " + redirectTo + ": " + words);
    }

    /// Leave for a step of the attempt, by which whoever may find it in doubt learns of the mail's
    /// recipients who they are that it is not in doubt for.
    Clearance noting(Clearance clearance) {
        return isDirect() ? clearance : new Noting(clearance, this);
    }

    private record Noting(Clearance clearance, Route route) implements Clearance {
        @Override
        public void begin(Collection<RecipientVerdict> settled) {
            clearance.begin(route.verdicts(List.copyOf(settled)));
        }

        @Override
        public boolean isReady() {
            return clearance.isReady();
        }

        @Override
        public boolean granted() throws InterruptedException {
            return clearance.granted();
        }
    }
}
