package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T16: large mails side by side in a small heap.
class LargeMailIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int BYTES = 7 << 20;

    @Test
    void largeMailsArriveBitForBit() throws Exception {
        int mails = FaultSuite.sized(4, 20);
        var content = new byte[BYTES];
        new Random(FaultSuite.seed()).nextBytes(content);
        try (var rig = SUITE.rig("T16 large mails x" + mails).set()) {
            rig.ledger().keepMessages();
            // one after the other, as no more than three of them may wait for Kafka
            for (int i = 0; i < mails; i++) {
                rig.publisher()
                        .publish(
                                i,
                                i + 1,
                                (mail, n) ->
                                        mail.to("u" + n + "@example.org")
                                                .attachment(
                                                        "a.bin", "application/x-test", content));
            }
            rig.startWorkers(1);
            rig.awaitDrained(PATIENCE);

            var found = rig.findings();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.lost()).isEmpty();
            assertThat(found.doubled()).isZero();
            assertThat(rig.ledger().messages()).hasSize(mails);
            for (var message : rig.ledger().messages()) {
                assertThat(attachment(message.content())).isEqualTo(content);
            }
            assertThat(rig.workers().getFirst().isRunning()).isTrue();
        }
    }

    private static byte[] attachment(byte[] message) throws Exception {
        var parsed =
                new MimeMessage(
                        Session.getInstance(new Properties()), new ByteArrayInputStream(message));
        var parts = (MimeMultipart) parsed.getContent();
        return parts.getBodyPart(1).getInputStream().readAllBytes();
    }
}
