package dev.outmail.console.settings;

import java.time.Duration;
import java.util.regex.Pattern;

/// How old a mail may get, as people write it: `5d`, `12h`, `30m`.
final class GiveUpAfter {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})\\s*([dhm])");

    private GiveUpAfter() {}

    /// In ISO 8601, as settings have it; what is neither is left for them to refuse.
    static String iso(String written) {
        var matcher = WRITTEN.matcher(written.strip());
        if (!matcher.matches()) {
            return written;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "d" -> "P" + amount + "D";
            case "h" -> "PT" + amount + "H";
            default -> "PT" + amount + "M";
        };
    }

    static String written(Duration duration) {
        if (duration.toSeconds() % 86_400 == 0) {
            return duration.toDays() + "d";
        }
        if (duration.toSeconds() % 3_600 == 0) {
            return duration.toHours() + "h";
        }
        return duration.toSeconds() % 60 == 0 ? duration.toMinutes() + "m" : duration.toString();
    }
}
