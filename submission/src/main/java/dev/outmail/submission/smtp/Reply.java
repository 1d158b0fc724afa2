package dev.outmail.submission.smtp;

import dev.outmail.delivery.Printable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the server says (RFC 5321 §4.2).
///
/// @param enhanced status code (RFC 3463), such as `2.1.0`; empty where there is none by rule
/// @param lines of text
record Reply(int code, String enhanced, List<String> lines) {
    /// No answer is due.
    static final Reply NONE = new Reply(0, "", List.of());

    static final Reply OK = of(250, "2.0.0", "Ok");
    static final Reply BYE = of(221, "2.0.0", "Bye");
    static final Reply GO_AHEAD = new Reply(354, "", List.of("End data with <CR><LF>.<CR><LF>"));
    static final Reply TLS = of(220, "2.0.0", "Ready to start TLS");
    static final Reply OUT_OF_ORDER = of(503, "5.5.1", "Commands are out of order");
    static final Reply SHUTTING_DOWN = of(421, "4.3.2", "Shutting down, please try again");
    static final Reply TIMEOUT = of(421, "4.4.2", "Nothing heard for too long");

    /// A line's limit is 512 octets with code and line end (RFC 5321 §4.5.3.1.5).
    private static final int MOST_TEXT = 480;

    Reply {
        lines = List.copyOf(lines);
    }

    static Reply of(int code, String enhanced, String text) {
        return new Reply(code, enhanced, List.of(text));
    }

    static Reply syntax(String text) {
        return of(501, "5.5.4", text);
    }

    boolean isOk() {
        return code < 400;
    }

    boolean isPermanent() {
        return code >= 500;
    }

    /// Whether the client did not speak SMTP, or wants to send without leave.
    boolean isProtocolError() {
        return (code >= 500 && code <= 504) || code == 530;
    }

    String wire() {
        var wire = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            wire.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            if (!enhanced.isEmpty()) {
                wire.append(enhanced).append(' ');
            }
            wire.append(safe(lines.get(i))).append("\r\n");
        }
        return wire.toString();
    }

    /// In ASCII, for no extension lets us say more here to a client of which we know nothing.
    private static String safe(String text) {
        var printable = Printable.of(text);
        var ascii =
                printable.chars().allMatch(c -> c < 0x7f)
                        ? printable
                        : printable
                                .codePoints()
                                .mapToObj(Reply::ascii)
                                .collect(Collectors.joining());
        return ascii.length() <= MOST_TEXT ? ascii : ascii.substring(0, MOST_TEXT - 3) + "...";
    }

    private static String ascii(int codePoint) {
        return codePoint < 0x7f
                ? Character.toString(codePoint)
                : String.format(Locale.ROOT, "\\u{%x}", codePoint);
    }
}
