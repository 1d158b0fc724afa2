package dev.outmail.submission.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What follows MAIL FROM: or RCPT TO: (RFC 5321 §4.1.1.2).
///
/// @param path what stands between the angle brackets
/// @param parameters by keyword in capitals; those without a value have an empty one
record Argument(String path, Map<String, String> parameters) {

    /// Empty where it is not written by the rules.
    static Optional<Argument> parse(String written, String keyword) {
        if (!written.regionMatches(true, 0, keyword, 0, keyword.length())) {
            return Optional.empty();
        }
        // Spaces after the colon are wrong and usual.
        var rest = written.substring(keyword.length()).strip();
        int end = rest.startsWith("<") ? closingBracket(rest) : -1;
        return end < 0
                ? Optional.empty()
                : parameters(rest.substring(end + 1))
                        .map(parameters -> new Argument(rest.substring(1, end), parameters));
    }

    /// The first that is not in a quoted local part; -1 for none.
    private static int closingBracket(String written) {
        boolean quoted = false;
        for (int i = 1; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<Map<String, String>> parameters(String written) {
        var parameters = new LinkedHashMap<String, String>();
        if (written.isEmpty()) {
            return Optional.of(parameters);
        }
        if (!written.startsWith(" ")) {
            return Optional.empty();
        }
        for (var parameter : written.strip().split(" +")) {
            var parts = parameter.split("=", 2);
            var value = parts.length == 1 ? "" : parts[1];
            var before = parameters.put(parts[0].toUpperCase(Locale.ROOT), value);
            if (before != null || !parts[0].matches("[A-Za-z0-9][A-Za-z0-9-]*")) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
