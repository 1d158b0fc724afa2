package dev.outmail.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A message as some other program wrote it (RFC 5322), fit to be sent: its lines end in CRLF, the
/// last one too, and none is longer than 998 octets. Nothing else of it is changed.
///
/// The bytes are shared, not copied: nobody changes them after.
public final class FinishedMessage {
    /// RFC 5322 §2.1.1, without the line's end.
    private static final int LONGEST_LINE = 998;

    /// Reading one takes time by the square of its length, if it is meant to.
    private static final int LONGEST_FROM = 2_000;

    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_HEADER = 256 << 10;
    private static final byte[] CONTINUED = {'\r', '\n', ' '};

    private final byte[] bytes;
    private final List<Field> fields;
    private final int headerEnd;

    /// A field of the header, by its place in the message.
    ///
    /// @param name as it was written
    /// @param start of the name
    /// @param colon the place of the colon
    /// @param end behind the field's last line end
    private record Field(String name, int start, int colon, int end) {}

    private FinishedMessage(byte[] bytes, List<Field> fields, int headerEnd) {
        this.bytes = bytes;
        this.fields = fields;
        this.headerEnd = headerEnd;
    }

    /// A message of any bytes. Lines may end in LF or CRLF. Where one is longer than 998 octets, it
    /// is continued on the next line behind a space, as Postfix does; in the header this is done
    /// before a space or behind a comma, where there is one, which leaves addresses whole.
    ///
    /// @throws InvalidMailEvent if it is none
    public static FinishedMessage of(byte[] written) {
        var problems = new Problems();
        var message = of("message", written, problems);
        problems.throwIfAny();
        if (message == null) {
            throw new IllegalStateException("no message and no problem");
        }
        return message;
    }

    /// The message, or null after its faults were added.
    static @Nullable FinishedMessage of(String field, byte[] written, Problems problems) {
        int unfit = unfit(written);
        if (unfit >= 0) {
            problems.add(
                    field,
                    (written[unfit] == 0 ? "it holds a NUL" : "it holds a CR without LF")
                            + " at byte "
                            + unfit,
                    "end lines by CRLF or LF; encode what is no text (RFC 2045)");
            return null;
        }
        byte[] bytes = withLineEnds(written);
        var fields = new ArrayList<Field>();
        int headerEnd = readHeader(field, bytes, fields, problems);
        return headerEnd < 0 ? null : new FinishedMessage(bytes, List.copyOf(fields), headerEnd);
    }

    /// The place of the first byte that can't be sent (RFC 5322 §2.2 and §2.3), or -1.
    private static int unfit(byte[] written) {
        for (int i = 0; i < written.length; i++) {
            byte one = written[i];
            if (one == 0 || (one == '\r' && (i + 1 == written.length || written[i + 1] != '\n'))) {
                return i;
            }
        }
        return -1;
    }

    /// The same bytes where nothing is amiss, which is what is mostly given.
    private static byte[] withLineEnds(byte[] written) {
        if (isInOrder(written)) {
            return written;
        }
        var bytes = new ByteArrayOutputStream(written.length + written.length / 32 + 2);
        int start = 0;
        boolean inHeader = true;
        while (start < written.length) {
            int next = start;
            while (next < written.length && written[next] != '\n') {
                next++;
            }
            int end = next > start && written[next - 1] == '\r' ? next - 1 : next;
            inHeader &= end > start;
            line(written, start, end, inHeader, bytes);
            start = next + 1;
        }
        return bytes.toByteArray();
    }

    private static void line(
            byte[] written, int start, int end, boolean inHeader, ByteArrayOutputStream bytes) {
        int from = start;
        int room = LONGEST_LINE;
        while (end - from > room) {
            int to =
                    inHeader
                            ? fold(written, from + room, from)
                            : characterStart(written, from + room, from);
            boolean folded = inHeader && isBlank(written[to]);
            bytes.write(written, from, to - from);
            bytes.write(CONTINUED, 0, folded ? 2 : 3);
            from = to;
            room = folded ? LONGEST_LINE : LONGEST_LINE - 1;
        }
        bytes.write(written, from, end - from);
        bytes.write('\r');
        bytes.write('\n');
    }

    /// The last place up to the given one where a field may be folded (RFC 5322 §2.2.3), or where
    /// it does little harm.
    private static int fold(byte[] written, int at, int from) {
        for (int i = at; i > from; i--) {
            if (isBlank(written[i])) {
                return i;
            }
        }
        for (int i = at; i > from; i--) {
            if (written[i - 1] == ',') {
                return i;
            }
        }
        return characterStart(written, at, from);
    }

    /// A place at or shortly before the given one that is in the midst of no UTF-8 character.
    private static int characterStart(byte[] written, int at, int from) {
        for (int i = at; i > at - 4 && i > from; i--) {
            if ((written[i] & 0xc0) != 0x80) {
                return i;
            }
        }
        return at;
    }

    private static boolean isInOrder(byte[] written) {
        int start = 0;
        for (int i = 0; i < written.length; i++) {
            if (written[i] == '\n') {
                if (i == 0 || written[i - 1] != '\r' || i - 1 - start > LONGEST_LINE) {
                    return false;
                }
                start = i + 1;
            }
        }
        return start == written.length && start > 0;
    }

    /// The header's end, behind its last field, or -1 after its faults were added.
    private static int readHeader(
            String field, byte[] bytes, List<Field> fields, Problems problems) {
        int start = 0;
        while (start < bytes.length && !isLineEnd(bytes, start)) {
            int end = fieldEnd(bytes, start);
            int colon = colon(bytes, start, end);
            if (colon < 0 || fields.size() == MAX_FIELDS || end > MAX_HEADER) {
                problems.add(
                        field,
                        colon < 0
                                ? "no header field begins at byte " + start
                                : "its header is larger than "
                                        + MAX_FIELDS
                                        + " fields or "
                                        + MAX_HEADER
                                        + " octets",
                        "begin with header fields such as 'Subject: …', then an empty line, then"
                                + " the body (RFC 5322)");
                return -1;
            }
            int nameEnd = colon;
            while (isBlank(bytes[nameEnd - 1])) { // RFC 5322 §4.5
                nameEnd--;
            }
            var name = new String(bytes, start, nameEnd - start, StandardCharsets.US_ASCII);
            fields.add(new Field(name, start, colon, end));
            start = end;
        }
        if (fields.isEmpty()) {
            problems.add(
                    field,
                    "it has no header",
                    "begin with header fields such as 'Subject: …', then an empty line, then the"
                            + " body (RFC 5322)");
            return -1;
        }
        return start;
    }

    /// Behind the line that is not continued by the next one.
    private static int fieldEnd(byte[] bytes, int start) {
        int i = start;
        do {
            while (bytes[i] != '\n') {
                i++;
            }
            i++;
        } while (i < bytes.length && isBlank(bytes[i]));
        return i;
    }

    private static int colon(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != ':') {
            i++;
        }
        if (i == start) {
            return -1;
        }
        while (i < end && isBlank(bytes[i])) {
            i++;
        }
        return i < end && bytes[i] == ':' ? i : -1;
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t';
    }

    private static boolean isLineEnd(byte[] bytes, int at) {
        return bytes[at] == '\r';
    }

    /// All of it.
    public byte[] bytes() {
        return bytes;
    }

    /// Behind the last header field; what follows is an empty line and the body, or nothing.
    public int headerEnd() {
        return headerEnd;
    }

    /// The names of its header fields, as they are written, in their order.
    public List<String> fieldNames() {
        return fields.stream().map(Field::name).toList();
    }

    /// The value of the first header field of this name, unfolded, not decoded.
    public Optional<String> field(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .findFirst()
                .map(this::value);
    }

    /// The values of all header fields of this name, in their order, unfolded, not decoded.
    public List<String> fields(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(this::value)
                .toList();
    }

    private String value(Field field) {
        return new String(
                        bytes, field.colon + 1, field.end - field.colon - 1, StandardCharsets.UTF_8)
                .replace("\r\n", "")
                .strip();
    }

    /// The Subject for people to read, its encoded words decoded (RFC 2047); empty where there is
    /// none.
    public String subject() {
        var written = field("Subject").orElse("");
        try {
            return MimeUtility.decodeText(written);
        } catch (UnsupportedEncodingException e) {
            return written;
        }
    }

    /// Its own Message-ID, angle brackets included, where it has one that can be one.
    public Optional<String> messageId() {
        return field("Message-ID").filter(FinishedMessage::isMessageId);
    }

    private static boolean isMessageId(String written) {
        return written.length() <= LONGEST_LINE - 20
                && written.startsWith("<")
                && written.indexOf('>') == written.length() - 1
                && written.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /// The mailbox in its From, where there is one, and one only.
    public Optional<Mailbox> from() {
        var written = field("From").orElse("");
        if (written.length() > LONGEST_FROM) {
            return Optional.empty();
        }
        try {
            var mailboxes = InternetAddress.parseHeader(written, false);
            return mailboxes.length == 1
                    ? Optional.of(
                            new Mailbox(
                                    mailboxes[0].getPersonal(),
                                    EmailAddress.parse(mailboxes[0].getAddress())))
                    : Optional.empty();
        } catch (AddressException | InvalidAddress e) {
            return Optional.empty();
        }
    }

    /// The message without the header fields of some names.
    ///
    /// @throws InvalidMailEvent if none is left
    public FinishedMessage without(Predicate<String> name) {
        return rewritten(name, new byte[0]);
    }

    /// The message with one more header field, its text encoded where it has to be.
    ///
    /// @throws InvalidMailEvent if its header gets too large
    public FinishedMessage with(String name, String text) {
        try {
            var value = MimeUtility.encodeText(text, "UTF-8", null);
            var field = name + ": " + MimeUtility.fold(name.length() + 2, value) + "\r\n";
            return rewritten(any -> false, field.getBytes(StandardCharsets.US_ASCII));
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java platform has UTF-8", e);
        }
    }

    /// The message with other values in the header fields of some names.
    ///
    /// @param value makes of a field's bytes behind the colon others, line ends included; both as
    ///   text in ISO 8859-1
    /// @throws InvalidMailEvent if its header gets too large
    public FinishedMessage withValues(Predicate<String> name, UnaryOperator<String> value) {
        var out = new ByteArrayOutputStream(bytes.length + 256);
        for (var field : fields) {
            int kept = name.test(field.name) ? field.colon + 1 : field.end;
            out.write(bytes, field.start, kept - field.start);
            if (kept < field.end) {
                var old = new String(bytes, kept, field.end - kept, StandardCharsets.ISO_8859_1);
                out.writeBytes(value.apply(old).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        out.write(bytes, headerEnd, bytes.length - headerEnd);
        return of(out.toByteArray());
    }

    /// The bytes without the header fields of some names, and with others at the header's end.
    ///
    /// @param added fields, each with its line end
    public byte[] bytes(Predicate<String> without, byte[] added) {
        return isChanged(without, added) ? rewrittenBytes(without, added) : bytes;
    }

    private boolean isChanged(Predicate<String> without, byte[] added) {
        return added.length > 0 || fields.stream().anyMatch(field -> without.test(field.name));
    }

    private FinishedMessage rewritten(Predicate<String> without, byte[] added) {
        return isChanged(without, added) ? of(rewrittenBytes(without, added)) : this;
    }

    private byte[] rewrittenBytes(Predicate<String> without, byte[] added) {
        var out = new ByteArrayOutputStream(bytes.length + added.length + 2);
        for (var field : fields) {
            if (!without.test(field.name)) {
                out.write(bytes, field.start, field.end - field.start);
            }
        }
        out.writeBytes(added);
        out.write(bytes, headerEnd, bytes.length - headerEnd);
        return out.toByteArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FinishedMessage that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "FinishedMessage[" + bytes.length + " bytes]";
    }
}
