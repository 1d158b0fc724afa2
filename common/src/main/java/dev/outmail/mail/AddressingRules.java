package dev.outmail.mail;

import dev.outmail.mail.MailEvent.Addressing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds for who a mail is from and for.
final class AddressingRules {
    /// Together with the other lengths, no more than the tokens that a decoder takes.
    private static final int MAX_RECIPIENTS = 20_000;

    private static final int MAX_REPLY_TO = 100;

    private AddressingRules() {}

    static void lengths(int to, int cc, int bcc, int replyTo, Problems problems) {
        length("to", to, MAX_RECIPIENTS, problems);
        length("cc", cc, MAX_RECIPIENTS, problems);
        length("bcc", bcc, MAX_RECIPIENTS, problems);
        length("replyTo", replyTo, MAX_REPLY_TO, problems);
    }

    private static void length(String field, int length, int max, Problems problems) {
        if (length > max) {
            problems.add(field, length + " entries, more than " + max, "publish several events");
        }
    }

    static @Nullable Mailbox mailbox(String field, @Nullable String written, Problems problems) {
        return written == null
                ? null
                : problems.take(field, written, AddressParser.mailbox(written));
    }

    static List<Mailbox> mailboxes(String field, List<String> written, Problems problems) {
        var mailboxes = new ArrayList<Mailbox>(written.size());
        for (int i = 0; i < written.size(); i++) {
            String place = field + "[" + i + "]";
            Mailbox mailbox = mailbox(place, written.get(i), problems);
            if (written.get(i) == null) { // from code that knows no @NullMarked
                problems.add(place, "it is null", "leave the entry out");
            } else if (mailbox != null) {
                mailboxes.add(mailbox);
            }
        }
        return mailboxes;
    }

    /// A finished message has its own addressees; beside it there is the envelope, in from and to.
    static void envelopeAlone(Addressing addressing, Problems problems) {
        onlyInMessage("cc", addressing.cc(), problems);
        onlyInMessage("bcc", addressing.bcc(), problems);
        onlyInMessage("replyTo", addressing.replyTo(), problems);
    }

    static void onlyInMessage(String field, List<?> mailboxes, Problems problems) {
        if (!mailboxes.isEmpty()) {
            problems.add(
                    field,
                    "it is given beside 'message', which has its own addressees",
                    "give all who receive it in 'to'; readers see what is in the message");
        }
    }

    static void somebody(Addressing addressing, Problems problems) {
        somebody(
                !addressing.to().isEmpty()
                        || !addressing.cc().isEmpty()
                        || !addressing.bcc().isEmpty(),
                problems);
    }

    static void somebody(boolean there, Problems problems) {
        if (!there) {
            problems.add("to", "there is no recipient", "give one in to, cc or bcc");
        }
    }
}
