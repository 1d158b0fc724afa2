package dev.outmail.delivery.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An enhanced status code, such as 5.1.1 (RFC 3463).
///
/// @param category 2 success, 4 persistent transient failure, 5 permanent failure
record EnhancedCode(int category, int subject, int detail) {
    private static final Pattern AT_START =
            Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?=\\s|$)");

    /// The code that a reply's text starts with.
    static Optional<EnhancedCode> startOf(String text) {
        Matcher matcher = AT_START.matcher(text);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        return Optional.of(
                new EnhancedCode(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))));
    }

    @Override
    public String toString() {
        return category + "." + subject + "." + detail;
    }
}
