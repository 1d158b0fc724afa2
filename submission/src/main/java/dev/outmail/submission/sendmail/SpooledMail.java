package dev.outmail.submission.sendmail;

import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Submission;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A mail as a file of the spool holds it: all that its event is made of, and the event's id, so
/// that the event is the same however often it is published.
///
/// The file is a line with a checksum of what follows, which tells a file that was cut off when the
/// machine fell; lines `name: value`; an empty line; and the message.
///
/// @param id of the event, where the message has none
/// @param at when it was handed over
/// @param sender of the envelope; null for the one in the message's From
record SpooledMail(
        String id,
        Instant at,
        String source,
        String profile,
        @Nullable String sender,
        List<String> recipients,
        FinishedMessage message) {
    private static final String FORM = "outmail-spool-1 ";

    /// Far less than a message may have.
    private static final int MANY_FIELDS = 500;

    private static final int LARGE_HEADER = 128 << 10;
    private static final String OURS = "X-Outmail-";

    SpooledMail {
        recipients = List.copyOf(recipients);
    }

    /// The event, the same each time. Its id is the message's own, or derived from its Message-ID,
    /// or this one's.
    ///
    /// @throws dev.outmail.mail.InvalidMailEvent if none can be made of it
    MailEvent event() {
        var dated = message.field("Date").isPresent() ? message : message.with("Date", date(at));
        return new Submission(source, profile).event(dated, sender, recipients, id);
    }

    /// Whether the message says what only the event can tell right from wrong.
    boolean saysMore() {
        return message.fieldNames().stream()
                .anyMatch(name -> name.regionMatches(true, 0, OURS, 0, OURS.length()));
    }

    /// The header field for a message without a Date, with its line's end.
    static byte[] dateField(Instant at) {
        return ascii("Date: " + date(at) + "\r\n");
    }

    /// Whether what [#event] adds to its header may be too much.
    boolean hasLargeHeader() {
        return message.fieldNames().size() > MANY_FIELDS || message.headerEnd() > LARGE_HEADER;
    }

    /// Of the day it was handed over: it may be days until it is published.
    private static String date(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .format(at.atZone(ZoneOffset.UTC))
                .replace("GMT", "+0000");
    }

    byte[] toBytes() {
        var out = new ByteArrayOutputStream(message.bytes().length + 1_024);
        line("id", id, out);
        line("at", at.toString(), out);
        line("source", source, out);
        line("profile", profile, out);
        if (sender != null) {
            line("from", sender, out);
        }
        recipients.forEach(recipient -> line("to", recipient, out));
        out.write('\n');
        out.writeBytes(message.bytes());
        var form = new ByteArrayOutputStream(out.size() + 32);
        form.writeBytes(ascii(FORM + checksum(out.toByteArray(), 0) + "\n"));
        form.writeBytes(out.toByteArray());
        return form.toByteArray();
    }

    private static void line(String name, String value, ByteArrayOutputStream out) {
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(name + " has more than one line");
        }
        out.writeBytes((name + ": " + value + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long checksum(byte[] bytes, int from) {
        var checksum = new CRC32C();
        checksum.update(bytes, from, bytes.length - from);
        return checksum.getValue();
    }

    /// What a file holds; nothing where it is none of ours, or not whole.
    static Optional<SpooledMail> read(byte[] file) {
        int end = lineEnd(file, 0);
        return end < file.length && text(file, 0, end).equals(FORM + checksum(file, end + 1))
                ? Optional.of(fields(file, end + 1))
                : Optional.empty();
    }

    private static SpooledMail fields(byte[] file, int first) {
        var values = new HashMap<String, String>();
        var recipients = new ArrayList<String>();
        int start = first;
        for (int end = lineEnd(file, start); end > start; end = lineEnd(file, start)) {
            var line = text(file, start, end);
            int colon = line.indexOf(": ");
            if (line.startsWith("to: ")) {
                recipients.add(line.substring(colon + 2));
            } else {
                values.put(line.substring(0, colon), line.substring(colon + 2));
            }
            start = end + 1;
        }
        return new SpooledMail(
                value("id", values),
                Instant.parse(value("at", values)),
                value("source", values),
                value("profile", values),
                values.get("from"),
                recipients,
                FinishedMessage.of(Arrays.copyOfRange(file, start + 1, file.length)));
    }

    private static String value(String name, HashMap<String, String> values) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static String text(byte[] file, int start, int end) {
        return new String(file, start, end - start, StandardCharsets.UTF_8);
    }

    private static int lineEnd(byte[] file, int start) {
        int i = start;
        while (i < file.length && file[i] != '\n') {
            i++;
        }
        return i;
    }
}
