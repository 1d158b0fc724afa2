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

    /// Reads a reply.
    ///
    /// @param said lines without CR, each byte a character, as Angus hands them on
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
        EnhancedCode enhanced = EnhancedCode.startOf(words(first)).orElse(null);
        String prefix = enhanced == null ? "" : enhanced.toString();
        String text =
                lines.stream()
                        .map(Reply::words)
                        .map(line ->
                                line.startsWith(prefix) ? line.substring(prefix.length()) : line)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(" "));
        return new Reply(Integer.parseInt(first.group(1)), enhanced, text);
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
