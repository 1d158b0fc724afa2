package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Printable;
import dev.outmail.delivery.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A server's reply (RFC 5321 §4.2).
///
/// @param code 200 to 599
/// @param enhanced null where the reply has none
/// @param text the words, of all lines, without the codes; printable, at most 2 KB
record Reply(int code, @Nullable EnhancedCode enhanced, String text) implements Answer {
    private static final Pattern LINE = Pattern.compile("([2-5]\\d\\d)(?:([ -])(.*))?");

    Reply {
        text = Printable.of(text);
    }

    /// Reads a reply from as many lines as it has, the last of which may be cut off.
    static Answer parse(byte[] said, int from, int to) {
        int end = withoutLineEnd(said, from, to);
        Reply plain = plain(said, from, end);
        return plain != null
                ? plain
                : parse(new String(said, from, end - from, StandardCharsets.ISO_8859_1));
    }

    private static int withoutLineEnd(byte[] said, int from, int to) {
        int end = to;
        while (end > from && (said[end - 1] == '\n' || said[end - 1] == '\r')) {
            end--;
        }
        return end;
    }

    /// What nearly every reply is: one line of printable ASCII. Null for any other.
    private static @Nullable Reply plain(byte[] said, int from, int end) {
        if (end - from < 4 || said[from + 3] != ' ' || said[from] < '2' || said[from] > '5') {
            return null;
        }
        for (int i = from; i < end; i++) {
            boolean digit = said[i] >= '0' && said[i] <= '9';
            if (i - from < 3 ? !digit : said[i] < 0x20 || said[i] > 0x7e) {
                return null;
            }
        }
        int code = 100 * (said[from] - '0') + 10 * (said[from + 1] - '0') + said[from + 2] - '0';
        String words =
                new String(said, from + 4, end - from - 4, StandardCharsets.ISO_8859_1).strip();
        EnhancedCode enhanced = EnhancedCode.startOf(words);
        return new Reply(code, enhanced, without(enhanced, words));
    }

    /// Reads a reply.
    ///
    /// @param said lines, each byte a character, as Angus hands them on
    static Answer parse(String said) {
        List<String> lines = decode(said).lines().toList();
        if (lines.isEmpty() || said.equals("[EOF]")) {
            return new Lost(Reason.CONNECTION_LOST, "the server closed the connection");
        }
        List<Matcher> matchers = lines.stream().map(LINE::matcher).toList();
        if (!matchers.stream().allMatch(Matcher::matches)) {
            return new Garbled("not an SMTP reply: " + said.strip());
        }
        if (matchers.stream().map(line -> line.group(1)).distinct().count() > 1) {
            return new Garbled("a reply of several codes: " + said.strip());
        }
        if ("-".equals(matchers.getLast().group(2))) {
            return new Lost(
                    Reason.CONNECTION_LOST, "the server closed the connection within a reply");
        }
        return of(matchers);
    }

    private static Reply of(List<Matcher> lines) {
        Matcher first = lines.getFirst();
        EnhancedCode enhanced = EnhancedCode.startOf(words(first));
        String text =
                lines.stream()
                        .map(line -> without(enhanced, words(line)))
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(" "));
        return new Reply(Integer.parseInt(first.group(1)), enhanced, text);
    }

    private static String without(@Nullable EnhancedCode code, String words) {
        String prefix = code == null ? "" : code.toString();
        return words.startsWith(prefix) ? words.substring(prefix.length()).strip() : words;
    }

    private static String words(Matcher line) {
        return Optional.ofNullable(line.group(3)).orElse("").strip();
    }

    /// Servers that speak SMTPUTF8 may answer in UTF-8 (RFC 6531 §3.7.4.1).
    private static String decode(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    boolean isPositive() {
        return code / 100 == 2;
    }

    boolean isTransient() {
        return code / 100 == 4;
    }

    boolean isPermanent() {
        return code / 100 == 5;
    }

    /// Whether the enhanced code is about this subject.
    boolean isAbout(int subject) {
        return enhanced != null && enhanced.subject() == subject;
    }

    boolean isAbout(int subject, int... details) {
        if (enhanced == null || enhanced.subject() != subject) {
            return false;
        }
        for (int detail : details) {
            if (enhanced.detail() == detail) {
                return true;
            }
        }
        return false;
    }

    boolean mentions(String words) {
        return text.toLowerCase(Locale.ROOT).contains(words);
    }

    @Override
    public String detail() {
        return Printable.of(code + (enhanced == null ? " " : " " + enhanced + " ") + text).strip();
    }
}
