package dev.outmail.jakarta;

import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
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

    /// @param addressed a group stands for its members
    static SendFailedException of(MailException failure, List<InternetAddress> addressed) {
        var verdicts = new HashMap<String, Verdict>();
        for (var one : verdicts(failure)) {
            verdicts.put(one.recipient().toString(), one.verdict());
        }
        var sent = new ArrayList<Address>();
        var unsent = new ArrayList<Address>();
        var invalid = new ArrayList<Address>();
        for (var address : addressed) {
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
    private static Verdict verdict(InternetAddress address, Map<String, Verdict> verdicts) {
        try {
            var written = EmailAddress.parse(address.getAddress()).toString();
            return verdicts.getOrDefault(written, Verdict.DEFERRED);
        } catch (InvalidAddress e) {
            return Verdict.DEFERRED;
        }
    }
}
