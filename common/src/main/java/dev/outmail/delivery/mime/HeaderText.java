package dev.outmail.delivery.mime;

/// What may stand in a header field. The event's records refuse all this sooner and say it more
/// kindly; these checks are the second lock for free text, where a line end that gets through is a
/// header field of the attacker's choice. Addresses are what they promise to be.
final class HeaderText {
    private HeaderText() {}

    /// Text without control characters, tabs allowed.
    static String requireText(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Characters.isControl(c)) {
                throw refused(what, "has the control character " + (int) c + " at " + i);
            }
        }
        return text;
    }

    /// A field name (RFC 5322 §2.2).
    static String requireFieldName(String name) {
        if (!isVisible(name) || name.indexOf(':') >= 0 || name.length() > HeaderWriter.MAX_TOKEN) {
            throw refused("header name", "must be visible ASCII without a colon");
        }
        return name;
    }

    /// A media type such as `text/csv` or `text/csv; charset=UTF-8` (RFC 2045 §5.1).
    static String requireMediaType(String what, String type) {
        requireText(what, type);
        int slash = type.indexOf('/');
        int semicolon = type.indexOf(';');
        int end = (semicolon < 0 ? type : type.substring(0, semicolon)).stripTrailing().length();
        if (slash < 1
                || slash >= end - 1
                || !isToken(type, 0, slash)
                || !isToken(type, slash + 1, end)
                || !isAscii(type)
                || type.length() > HeaderWriter.MAX_TOKEN) {
            throw refused(what, "must look like type/subtype in ASCII");
        }
        return type;
    }

    /// A content id without its angle brackets (RFC 2392).
    static String requireContentId(String what, String id) {
        if (!isVisible(id)
                || id.length() > HeaderWriter.MAX_TOKEN
                || id.indexOf('<') >= 0
                || id.indexOf('>') >= 0) {
            throw refused(what, "must be visible ASCII without angle brackets");
        }
        return id;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /// Whether a phrase may consist of such characters without quotes (RFC 5322 §3.2.3).
    static boolean isAtomText(char c) {
        return Characters.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    private static boolean isToken(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((!isAtomText(c) && c != '.') || "/=?".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static IllegalArgumentException refused(String what, String why) {
        return new IllegalArgumentException(what + ": " + why);
    }
}
