package dev.outmail.jakarta;

import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.producer.MailDeferred;
import dev.outmail.producer.MailException;
import dev.outmail.producer.MailHeld;
import dev.outmail.producer.MailInDoubt;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.MailRejected;
import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How an instant delivery that failed ended, as Jakarta Mail says it: for whom it is well, for
/// whom it may be tried again, and for whom not.
final class InstantFailure {
    private static final Address[] NONE = {};

    private InstantFailure() {}

    static SendFailedException of(MailException failure, Address[] addresses) {
        var verdicts = new HashMap<String, Verdict>();
        for (var one : verdicts(failure)) {
            verdicts.put(one.recipient().toString(), one.verdict());
        }
        var sent = new ArrayList<Address>();
        var unsent = new ArrayList<Address>();
        var invalid = new ArrayList<Address>();
        for (var address : addresses) {
            switch (verdict(address, verdicts)) {
                case ACCEPTED -> sent.add(address);
                case REJECTED -> invalid.add(address);
                case DEFERRED, DROPPED, IN_DOUBT -> unsent.add(address);
            }
        }
        return new SendFailedException(
                failure.getMessage(),
                failure,
                sent.toArray(NONE),
                unsent.toArray(NONE),
                invalid.toArray(NONE));
    }

    private static List<RecipientVerdict> verdicts(MailException failure) {
        return switch (failure) {
            case MailRejected rejected -> rejected.recipients();
            case MailDeferred deferred -> deferred.recipients();
            case MailInDoubt inDoubt -> inDoubt.recipients();
            case MailHeld held -> List.of();
            case MailNotAccepted notAccepted -> List.of();
        };
    }

    /// Whom nobody was asked about may be tried again.
    private static Verdict verdict(Address address, Map<String, Verdict> verdicts) {
        return address instanceof InternetAddress internet
                ? verdicts.getOrDefault(internet.getAddress(), Verdict.DEFERRED)
                : Verdict.DEFERRED;
    }
}
