package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// The verdicts of one attempt while they come in. A verdict once given stays. Used by the
/// attempt's thread only.
public final class VerdictSheet {
    private final Envelope envelope;
    private final Map<EmailAddress, RecipientVerdict> verdicts = new HashMap<>();
    private String lastWords = "";

    public VerdictSheet(Envelope envelope) {
        this.envelope = envelope;
    }

    /// The recipients without a verdict, each once.
    public List<EmailAddress> pending() {
        var pending = new LinkedHashSet<EmailAddress>();
        for (var recipient : envelope.recipients()) {
            if (!verdicts.containsKey(recipient)) {
                pending.add(recipient);
            }
        }
        return List.copyOf(pending);
    }

    public boolean isComplete() {
        return verdicts.keySet().containsAll(envelope.recipients());
    }

    public void judge(EmailAddress recipient, Verdict verdict, Reason reason, String detail) {
        lastWords = Printable.of(detail);
        verdicts.putIfAbsent(
                recipient, new RecipientVerdict(recipient, verdict, reason, lastWords));
    }

    public void judge(
            Collection<EmailAddress> recipients, Verdict verdict, Reason reason, String detail) {
        for (EmailAddress recipient : recipients) {
            judge(recipient, verdict, reason, detail);
        }
    }

    public void judgeRest(Verdict verdict, Reason reason, String detail) {
        judge(pending(), verdict, reason, detail);
    }

    /// Whether trying all of it again would repeat or contradict what was said.
    public boolean isPartlySettled() {
        return !settled().isEmpty();
    }

    /// What was settled so far.
    public List<RecipientVerdict> settled() {
        return verdicts.values().stream().filter(v -> v.verdict() != Verdict.DEFERRED).toList();
    }

    /// The attempt's end by verdicts.
    public TransportResult.Judged result(String server) {
        var all = new ArrayList<RecipientVerdict>(envelope.recipients().size());
        for (var recipient : envelope.recipients()) {
            all.add(verdict(recipient));
        }
        return new TransportResult.Judged(server, all, lastWords);
    }

    /// The attempt's end by trouble: what was settled before stays, the rest is deferred; where
    /// nothing was settled the trouble says nothing about the message.
    public TransportResult result(TransportResult.Trouble trouble) {
        if (!isPartlySettled()) {
            return trouble;
        }
        judgeRest(Verdict.DEFERRED, trouble.reason(), trouble.detail());
        return result(trouble.server());
    }

    /// The attempt's end for want of leave: what was settled before stays, the rest is deferred;
    /// where nothing was settled there was no attempt.
    public TransportResult result(TransportResult.Withheld withheld) {
        if (!isPartlySettled()) {
            return withheld;
        }
        judgeRest(Verdict.DEFERRED, Reason.WITHHELD, withheld.detail());
        return result(withheld.server());
    }

    private RecipientVerdict verdict(EmailAddress recipient) {
        RecipientVerdict verdict = verdicts.get(recipient);
        if (verdict == null) {
            throw new IllegalStateException("a recipient was left without a verdict");
        }
        return verdict;
    }
}
