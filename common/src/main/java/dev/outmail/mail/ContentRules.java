package dev.outmail.mail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What holds for what a mail says, and for when.
final class ContentRules {
    private static final int MAX_SUBJECT = 998;
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private ContentRules() {}

    static void subject(@Nullable String subject, Problems problems) {
        if (subject == null) {
            problems.add("subject", "it is missing", "give one; it may be empty");
            return;
        }
        int unfit = Characters.unfitForLine(subject);
        if (unfit >= 0) {
            problems.add(
                    "subject",
                    Problem.shown(subject) + " holds " + Characters.name(subject, unfit),
                    "write the subject as one line of text");
        } else if (subject.length() > MAX_SUBJECT) {
            problems.add(
                    "subject",
                    "it has " + subject.length() + " characters, more than " + MAX_SUBJECT,
                    "shorten it");
        }
    }

    static void bodies(@Nullable String text, @Nullable String html, Problems problems) {
        if (text == null && html == null) {
            problems.add("text", "neither text nor html is there", "give one of them, or both");
        }
        body("text", text, problems);
        body("html", html, problems);
    }

    private static void body(String field, @Nullable String body, Problems problems) {
        if (body == null) {
            return;
        }
        int unfit = Characters.unfitForBody(body);
        if (unfit >= 0) {
            problems.add(
                    field,
                    "it holds " + Characters.name(body, unfit),
                    "remove it; of the control characters only tabs, line breaks and form feeds"
                            + " may be in a mail");
        }
    }

    static void terms(@Nullable Instant sendAt, @Nullable Instant expiresAt, Problems problems) {
        instant("sendAt", sendAt, problems);
        instant("expiresAt", expiresAt, problems);
        if (sendAt != null && expiresAt != null && !expiresAt.isAfter(sendAt)) {
            problems.add(
                    "expiresAt",
                    expiresAt + " is not after sendAt, " + sendAt,
                    "let the mail expire after it may be sent");
        }
    }

    private static void instant(String field, @Nullable Instant written, Problems problems) {
        if (written != null && (written.isBefore(FIRST) || written.isAfter(LAST))) {
            problems.add(field, written + " is out of range", "use a time from 1970 to 9999");
        }
    }
}
