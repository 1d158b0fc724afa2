package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Problem;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.SequencedSet;

/// To whom alone mail goes: addresses, and domains for everybody there. As in Postfix's access(5),
/// `example.org` is that domain and none below it, and `.example.org` every domain below it and not
/// itself. Case makes no difference, as it makes none to any server that people have mailboxes at.
///
/// @param entries as settings have them: addresses and domains as they go on the wire, in lower
///   case; at least one, or nobody could tell an empty list from none
public record AllowList(SequencedSet<String> entries) {
    /// So many fit a settings record, however long they are.
    public static final int MAX_ENTRIES = 200;

    /// Takes entries as a user may write them.
    ///
    /// @throws IllegalArgumentException naming the entry that is none
    public AllowList {
        var known = new LinkedHashSet<String>();
        for (var written : entries) {
            known.add(entry(written.strip()));
        }
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "an allow-list names at least one address or domain; leave it out to let mail"
                            + " go to everybody");
        }
        if (known.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "an allow-list names at most "
                            + MAX_ENTRIES
                            + " addresses and domains, not "
                            + known.size());
        }
        entries = Collections.unmodifiableSequencedSet(known);
    }

    public static AllowList of(Collection<String> written) {
        return new AllowList(new LinkedHashSet<>(written));
    }

    private static String entry(String written) {
        try {
            // An address by the letter, but nobody means that mailbox.
            if (written.startsWith("*@")) {
                throw new IllegalArgumentException("no patterns here");
            }
            if (written.indexOf('@') >= 0) {
                return folded(EmailAddress.parse(written));
            }
            var below = written.startsWith(".") ? "." : "";
            return below + new EmailAddress("any", written.substring(below.length())).domain();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Problem.shown(written)
                            + " is neither an address, such as ada@example.org, nor a domain, such"
                            + " as example.org or, for all domains below it, .example.org",
                    e);
        }
    }

    /// Whether mail may go to this recipient.
    public boolean allows(EmailAddress recipient) {
        var domain = recipient.domain();
        return entries.contains(folded(recipient))
                || entries.contains(domain)
                || isBelowOne(domain);
    }

    private boolean isBelowOne(String domain) {
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            if (entries.contains(domain.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    private static String folded(EmailAddress address) {
        return address.toString().toLowerCase(Locale.ROOT);
    }
}
