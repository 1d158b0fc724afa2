package dev.outmail.worker.ledger;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who of an attempt's recipients is settled, while it goes on in further transactions. Recipients
/// are kept by a hash of their address: short, so that the record of a mail to ten thousand stays
/// small, and without addresses.
public final class Settled {
    /// Nobody is.
    public static final Settled NONE = new Settled(Map.of());

    /// What was said, but for the other side's words.
    record Judgement(Verdict verdict, Reason reason) {}

    private final Map<Long, Judgement> byRecipient;

    Settled(Map<Long, Judgement> byRecipient) {
        this.byRecipient = Map.copyOf(byRecipient);
    }

    static Settled of(Collection<RecipientVerdict> verdicts) {
        if (verdicts.isEmpty()) {
            return NONE;
        }
        var hasher = new IdentityHasher();
        var byRecipient = new HashMap<Long, Judgement>();
        for (var one : verdicts) {
            byRecipient.put(
                    hash(hasher, one.recipient()), new Judgement(one.verdict(), one.reason()));
        }
        return new Settled(byRecipient);
    }

    private static long hash(IdentityHasher hasher, EmailAddress address) {
        return hasher.hash(address.toString().getBytes(StandardCharsets.UTF_8)).high();
    }

    Map<Long, Judgement> byRecipient() {
        return byRecipient;
    }

    public boolean isEmpty() {
        return byRecipient.isEmpty();
    }

    /// The verdicts of those among the given recipients who are settled, in their order.
    ///
    /// @param detail takes the place of the other side's words, which the ledger doesn't keep
    public List<RecipientVerdict> among(List<EmailAddress> recipients, String detail) {
        if (isEmpty()) {
            return List.of();
        }
        var hasher = new IdentityHasher();
        var verdicts = new ArrayList<RecipientVerdict>();
        for (var recipient : recipients) {
            var one = byRecipient.get(hash(hasher, recipient));
            if (one != null) {
                verdicts.add(new RecipientVerdict(recipient, one.verdict(), one.reason(), detail));
            }
        }
        return verdicts;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settled that && byRecipient.equals(that.byRecipient);
    }

    @Override
    public int hashCode() {
        return byRecipient.hashCode();
    }

    @Override
    public String toString() {
        return byRecipient.size() + " recipients settled";
    }
}
