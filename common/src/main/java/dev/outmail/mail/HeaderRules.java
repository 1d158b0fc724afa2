package dev.outmail.mail;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What holds for the header fields an application may add, judged one after another.
final class HeaderRules {
    private static final int MAX_NAME = 76;
    private static final int MAX_VALUE = 4_000;
    private static final int MAX_FIELDS = 100;

    /// Fields that Outmail or servers write, and fields by which a mail would be taken for another.
    private static final Set<String> RESERVED =
            Set.of(
                    "from",
                    "sender",
                    "to",
                    "cc",
                    "bcc",
                    "reply-to",
                    "subject",
                    "date",
                    "message-id",
                    "references",
                    "in-reply-to",
                    "mime-version",
                    "dkim-signature",
                    "domainkey-signature",
                    "received",
                    "received-spf",
                    "return-path",
                    "auto-submitted",
                    "authentication-results",
                    "apparently-to",
                    "delivered-to",
                    "envelope-to",
                    "x-original-to");

    private static final List<String> RESERVED_PREFIXES =
            List.of("content-", "resent-", "arc-", "x-outmail-");

    /// By which a replay to another mailbox says what it is a copy of.
    private static final String REPLAY_OF = "x-outmail-replay-of";

    private final Problems problems;
    private final Map<String, String> seen = new HashMap<>();

    HeaderRules(Problems problems) {
        this.problems = problems;
    }

    void check(String name, String value) {
        String field = "headers." + Characters.atMost(MAX_NAME, name);
        if (checkName(field, name)) {
            checkOnce(field, name);
        }
        checkValue(field, value);
    }

    static boolean isReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return RESERVED.contains(lower)
                || (!lower.equals(REPLAY_OF)
                        && RESERVED_PREFIXES.stream().anyMatch(lower::startsWith));
    }

    private boolean checkName(String field, String name) {
        if (!isFieldName(name)) {
            problems.add(
                    field,
                    "no name of a header field",
                    "use 1 to 76 visible ASCII characters without ':' (RFC 5322 §2.2)");
            return false;
        }
        if (isReserved(name)) {
            problems.add(
                    field,
                    "a field of this name is not the application's to write",
                    "use the event's own fields, or a name of your own such as X-Project");
            return false;
        }
        return true;
    }

    private static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == ':') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MAX_NAME;
    }

    private void checkOnce(String field, String name) {
        String first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        if (first != null) {
            problems.add(
                    field,
                    "there is a field '" + first + "' already; case makes no difference",
                    "give each header field once");
        } else if (seen.size() == MAX_FIELDS + 1) {
            problems.add(
                    "headers",
                    "more than " + MAX_FIELDS + " fields",
                    "keep data that the mail needn't carry in 'metadata'");
        }
    }

    private void checkValue(String field, String value) {
        int unfit = Characters.unfitForLine(value);
        if (unfit >= 0) {
            problems.add(
                    field,
                    Problem.shown(value) + " holds " + Characters.name(value, unfit),
                    "write the value as one line of text; it is folded and encoded on its way");
        } else if (value.length() > MAX_VALUE) {
            problems.add(
                    field,
                    "its value has " + value.length() + " characters, more than " + MAX_VALUE,
                    "shorten it");
        }
    }
}
