package dev.outmail.cli;

import dev.outmail.deadletters.DeadLetter;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.Resolution;
import dev.outmail.deadletters.Result;
import dev.outmail.delivery.Printable;
import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Dead letters as a person reads them. What publishers and servers wrote is made printable.
final class LetterView {
    private final PrintWriter out;

    LetterView(PrintWriter out) {
        this.out = out;
    }

    /// A letter on one line.
    static String line(Entry entry) {
        var letter = entry.letter();
        var why = letter.why();
        return "%s %s %-9s %s attempts=%d revision=%d bytes=%d %s%s"
                .formatted(
                        letter.at(),
                        letter.position(),
                        Printable.of(why.outcome()),
                        event(entry),
                        why.attempts(),
                        why.revision(),
                        letter.bytes(),
                        reason(why.reason(), why.detail()),
                        entry.settledBy().map(r -> " [" + resolution(r) + "]").orElse(""));
    }

    static String event(Entry entry) {
        var id = entry.letter().event();
        return id == null ? "-" : Printable.of(id.toString());
    }

    static String reason(String reason, String detail) {
        return (reason.isEmpty() ? "(no reason)" : Printable.of(reason))
                + (detail.isEmpty() ? "" : ": " + Printable.of(detail));
    }

    static String resolution(Resolution resolution) {
        var to = resolution.to();
        return resolution.kind().wireName()
                + (to == null ? "" : " to " + Printable.of(to))
                + " "
                + resolution.at()
                + " by "
                + Printable.of(resolution.by())
                + (resolution.why().isEmpty() ? "" : ": " + Printable.of(resolution.why()));
    }

    /// What came of a letter that was not done.
    static String result(Result result) {
        return switch (result) {
            case Result.Done done -> done.kind().wireName();
            case Result.Settled settled -> "nothing done, was " + resolution(settled.before());
            case Result.Refused refused -> "refused: " + Printable.of(refused.why());
            case Result.Failed failed -> "failed: " + Printable.of(failed.why());
        };
    }

    /// A letter, whole.
    void show(Entry entry, DeadLetter letter) {
        var why = letter.why();
        out.println("Dead letter " + letter.position() + ", " + letter.at());
        field("Event", event(entry));
        field("Outcome", Printable.of(why.outcome()));
        field("Reason", reason(why.reason(), ""));
        field("Detail", Printable.of(why.detail()));
        field("Attempts", why.attempts() + ", the last at revision " + why.revision());
        field("Accepted", Objects.toString(why.acceptedAt(), ""));
        field("Came from", place(why.origin()));
        field("Not got by", Printable.of(String.join(", ", why.undelivered())));
        field("Key", letter.key() == null ? "" : printable(letter.key()));
        for (var header : letter.headers()) {
            var value = header.value() == null ? "" : printable(header.value());
            field("Header", Printable.of(header.key()) + ": " + value);
        }
        entry.resolutions().forEach(r -> field("Done", resolution(r)));
        out.println();
        content(letter);
        out.flush();
    }

    private static String place(LogEntry.@Nullable Position origin) {
        return origin == null
                ? ""
                : Printable.of(origin.topic()) + "-" + origin.partition() + "@" + origin.offset();
    }

    private void content(DeadLetter letter) {
        switch (letter.content()) {
            case Decoded.Ok ok -> event(ok.event());
            case Decoded.Malformed malformed -> {
                out.println("It is no event:");
                malformed.problems().forEach(p -> out.println("  " + Printable.of(p.toString())));
                if (letter.value() != null) {
                    out.println();
                    text(new String(letter.value(), StandardCharsets.UTF_8));
                }
            }
        }
    }

    private void event(MailEvent event) {
        var addressing = event.addressing();
        field("Profile", event.profile());
        field("Type", Objects.toString(event.type(), ""));
        field("From", addressing.from() == null ? "(the profile's)" : addressing.from().toString());
        mailboxes("To", addressing.to());
        mailboxes("Cc", addressing.cc());
        mailboxes("Bcc", addressing.bcc());
        mailboxes("Reply-To", addressing.replyTo());
        field("Send at", Objects.toString(event.terms().sendAt(), ""));
        field("Expires at", Objects.toString(event.terms().expiresAt(), ""));
        switch (event.content()) {
            case MailEvent.Written written -> written(written);
            case MailEvent.Finished finished ->
                    body("Message", new String(finished.message().bytes(), StandardCharsets.UTF_8));
        }
    }

    private void written(MailEvent.Written content) {
        content.headers().forEach((name, value) -> field(name, value));
        field("Subject", content.subject());
        content.attachments().forEach(this::attachment);
        body("Text", content.text());
        body("HTML", content.html());
    }

    private void mailboxes(String name, List<Mailbox> mailboxes) {
        field(name, mailboxes.stream().map(Mailbox::toString).collect(Collectors.joining(", ")));
    }

    private void attachment(Attachment attachment) {
        field(
                "Attachment",
                "%s, %s, %d bytes"
                        .formatted(
                                attachment.name(),
                                attachment.contentType(),
                                attachment.content().length));
    }

    private void body(String name, @Nullable String body) {
        if (body != null) {
            out.println();
            out.println(name + ":");
            text(body);
        }
    }

    private void text(String text) {
        text.lines().forEach(line -> out.println("  " + Printable.of(line)));
    }

    private void field(String name, String value) {
        if (!value.isEmpty()) {
            out.printf("  %-11s %s%n", Printable.of(name), Printable.of(value));
        }
    }

    private static String printable(byte[] bytes) {
        return Printable.of(new String(bytes, StandardCharsets.UTF_8));
    }
}
