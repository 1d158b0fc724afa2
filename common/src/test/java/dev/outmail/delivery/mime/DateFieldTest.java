package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DateFieldTest {
    @Test
    void itIsWrittenAsTheFormatterOfTheJdkWould() {
        var formatter =
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC);
        var random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            var date = Instant.ofEpochSecond(random.nextLong(200L * 365 * 86_400), 999_999_999);

            assertThat(DateField.value(date)).isEqualTo(formatter.format(date));
        }
    }
}
