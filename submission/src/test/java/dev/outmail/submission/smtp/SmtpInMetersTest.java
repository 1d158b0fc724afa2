package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.submission.smtp.SmtpInMeters.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What is measured: all that is documented, and nothing else.
class SmtpInMetersTest {
    private static final Path DOCUMENTATION = Path.of("..", "docs", "smtp-in.md");
    private static final Pattern ROW = Pattern.compile("\\| `(outmail_\\w+)` \\| (\\w+) \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (outmail_\\w+) (\\w+)");

    @Test
    void theTableInTheDocumentsIsWhatIsMeasured() throws Exception {
        var meters = new SmtpInMeters(() -> 1, () -> 2);
        meters.ended(End.TOO_MANY);
        meters.accepted(100, Duration.ofMillis(3));

        var documented = new TreeMap<String, String>();
        ROW.matcher(Files.readString(DOCUMENTATION))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        var measured = new TreeMap<String, String>();
        TYPE.matcher(meters.scrape())
                .results()
                .filter(type -> !type.group(1).endsWith("_max"))
                .forEach(type -> measured.put(type.group(1), type.group(2)));

        assertThat(documented).isEqualTo(measured);
        assertThat(meters.scrape())
                .contains("outmail_smtp_in_connections_total{end=\"too-many\"} 1.0")
                .contains("outmail_smtp_in_message_size_bytes_max 100.0");
    }
}
