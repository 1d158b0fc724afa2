package dev.outmail.mail;

/// Quoted strings (RFC 5322 §3.2.4).
final class Quoted {
    private Quoted() {}

    /// The content in quotes, with no more escapes than it needs.
    static String text(String content) {
        var quoted = new StringBuilder(content.length() + 2).append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
