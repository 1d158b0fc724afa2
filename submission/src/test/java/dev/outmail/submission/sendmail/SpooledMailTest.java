package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.MailEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpooledMailTest {
    private static final Instant AT = Instant.parse("2026-11-29T09:30:00.5Z");

    private static SpooledMail mail(String header) {
        return new SpooledMail(
                "0123abcd",
                AT,
                "/shop",
                "shop",
                "shop@example.com",
                List.of("ada@example.org", "zoë@example.org"),
                FinishedMessage.of(
                        (header + "Subject: Grüße\n\nto: nobody\n\nHello\n").getBytes(UTF_8)));
    }

    private static String message(MailEvent event) {
        return new String(((MailEvent.Finished) event.content()).message().bytes(), UTF_8);
    }

    @Test
    void aFileHoldsAllOfIt() {
        assertThat(SpooledMail.read(mail("").toBytes())).contains(mail(""));
    }

    @Test
    void aFileThatWasCutOffAnywhereIsNone() {
        byte[] file = mail("").toBytes();

        for (int length = 0; length < file.length; length++) {
            assertThat(SpooledMail.read(Arrays.copyOf(file, length))).as("%d", length).isEmpty();
        }
    }

    /// As some file systems leave what was not on disk when the machine fell.
    @Test
    void aFileWithZeroesAtItsEndIsNone() {
        byte[] file = mail("").toBytes();

        for (int length = 0; length < file.length; length++) {
            var zeroes = Arrays.copyOf(Arrays.copyOf(file, length), file.length);
            assertThat(SpooledMail.read(zeroes)).as("%d", length).isEmpty();
        }
    }

    @Test
    void aFileOfAnythingElseIsNone() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] file = mail("").toBytes();
            file[random.nextInt(file.length)] ^= (byte) (1 + random.nextInt(255));

            assertThat(SpooledMail.read(file)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void itsEventIsTheSameEachTime() {
        var once = SpooledMail.read(mail("").toBytes()).orElseThrow().event();
        var again = SpooledMail.read(mail("").toBytes()).orElseThrow().event();

        assertThat(once).isEqualTo(again);
        assertThat(once.id().source()).isEqualTo("/shop");
        assertThat(once.id().id()).isEqualTo("0123abcd");
        assertThat(once.profile()).isEqualTo("shop");
        assertThat(once.addressing().from()).hasToString("shop@example.com");
        assertThat(once.addressing().to()).hasSize(2);
        assertThat(message(once))
                .contains("Date: Sun, 29 Nov 2026 09:30:00 +0000\r\n")
                .doesNotContain("X-Outmail");
    }

    @Test
    void theMessagesOwnIdCountsMore() {
        assertThat(mail("x-outmail-id: order-7\n").event().id().id()).startsWith("order-7/");
        assertThat(mail("Message-ID: <7@example.com>\n").event().id().id())
                .startsWith("7@example.com/");
    }

    @Test
    void itsOwnDateIsLeftAlone() {
        assertThat(message(mail("Date: Fri, 27 Nov 2026 08:00:00 +0100\n").event()))
                .containsOnlyOnce("Date: ")
                .contains("Date: Fri, 27 Nov");
    }
}
