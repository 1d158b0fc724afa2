package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;
import java.util.Locale;

/// Media types as an attachment may have them (RFC 2045 §5.1): `type/subtype` and parameters, no
/// comments, no folding.
final class MediaType {
    static final String UNKNOWN = "application/octet-stream";
    private static final int MAX_CHARACTERS = 200;

    private final String written;
    private int at;

    private MediaType(String written) {
        this.written = written;
    }

    static Checked<String> check(String written) {
        if (written.length() > MAX_CHARACTERS) {
            return new Faulty<>("longer than " + MAX_CHARACTERS + " characters", "shorten it");
        }
        if (!new MediaType(written).isSound()) {
            return new Faulty<>(
                    "no media type, or one with a name in it",
                    "write it as application/pdf or text/csv; charset=utf-8");
        }
        String lower = written.toLowerCase(Locale.ROOT);
        if (lower.startsWith("multipart/")
                || lower.startsWith("message/partial")
                || lower.startsWith("message/external-body")) {
            return new Faulty<>(
                    "a type that is not for attachments",
                    "use the type of the file itself, or " + UNKNOWN);
        }
        return new Fine<>(written);
    }

    private boolean isSound() {
        if (!token() || !one('/') || !token()) {
            return false;
        }
        while (at < written.length()) {
            spaces();
            if (!one(';')) {
                return false;
            }
            spaces();
            int parameter = at;
            if (!token() || isName(parameter) || !one('=') || !(token() || quoted())) {
                return false;
            }
        }
        return true;
    }

    /// The file's name is the attachment's; a second one in a parameter would not be cleaned.
    private boolean isName(int start) {
        String parameter = written.substring(start, at).toLowerCase(Locale.ROOT);
        return parameter.equals("name") || parameter.startsWith("name*");
    }

    private boolean token() {
        int start = at;
        while (at < written.length() && isTokenCharacter(written.charAt(at))) {
            at++;
        }
        return at > start;
    }

    private static boolean isTokenCharacter(char c) {
        return c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }

    private boolean quoted() {
        if (!one('"')) {
            return false;
        }
        while (at < written.length()) {
            char c = written.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c < 0x20 || c >= 0x7f || c == '\\') {
                return false;
            }
        }
        return false;
    }

    private boolean one(char c) {
        boolean there = at < written.length() && written.charAt(at) == c;
        if (there) {
            at++;
        }
        return there;
    }

    private void spaces() {
        while (at < written.length() && written.charAt(at) == ' ') {
            at++;
        }
    }
}
