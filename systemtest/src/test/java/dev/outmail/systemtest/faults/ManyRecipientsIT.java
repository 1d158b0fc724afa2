package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEventBuilder;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import dev.outmail.testkit.smtp.SinkLine;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T16b: one event to very many, of whom some are unknown and some put off, at a server that takes
/// so many at a time; in full size with a worker killed on the way.
class ManyRecipientsIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int MOST_IN_TRANSACTION = 50;

    @Test
    void eachGoodRecipientGetsItOnce() {
        int recipients = FaultSuite.sized(500, 10_000);
        var faults =
                new Faults(0)
                        .mostRecipients(30)
                        .forAddresses(
                                "unknown",
                                "+bad@",
                                Integer.MAX_VALUE,
                                "RCPT",
                                Act.reply("550 5.1.1 no such user"))
                        .forAddresses("grey", "+grey@", 1, "RCPT", Act.reply("450 4.2.0 later"));
        try (var rig =
                SUITE.rig("T16b one mail to " + recipients)
                        .with("event.max-recipients", "10000")
                        .with("worker.session-timeout", "6s")
                        .with("smtp.final-dot-timeout", "5s")
                        .retryScale(0.01)
                        .set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);

            rig.publisher().publish(0, 1, (mail, n) -> toMany(mail, recipients));
            if (FaultSuite.isFull()) {
                rig.awaitAtServer(20, PATIENCE);
                rig.workers().getFirst().kill();
                rig.startWorker();
            }
            rig.awaitDrained(PATIENCE);

            var copies =
                    rig.ledger().lines().stream()
                            .filter(line -> !line.refused())
                            .map(SinkLine::recipients)
                            .flatMap(list -> list.stream())
                            .collect(
                                    Collectors.groupingBy(
                                            Function.identity(), Collectors.counting()));
            long twice = copies.values().stream().filter(count -> count > 1).count();
            rig.measured("%d transactions, %d got it twice".formatted(rig.ledger().size(), twice));
            rig.findings();
            assertThat(copies).as("all but the three unknown").hasSize(recipients - 3);
            assertThat(copies.keySet()).noneMatch(recipient -> recipient.contains("+bad@"));
            assertThat(twice)
                    .as("at most the transaction that the kill met")
                    .isLessThanOrEqualTo(FaultSuite.isFull() ? MOST_IN_TRANSACTION : 0);
            assertThat(faults.played("too many recipients")).isPositive();
            assertThat(rig.records().all(rig.topics().deadLetters())).hasSize(1);
        }
    }

    private static MailEventBuilder toMany(MailEventBuilder mail, int recipients) {
        mail.to("u0@example.org");
        for (int i = 1; i < recipients; i++) {
            boolean bad = i == 1 || i == recipients / 3 || i == 2 * recipients / 3;
            var tag = bad ? "+bad" : i == 7 || i == 9 ? "+grey" : "";
            mail.bcc("u" + i + tag + "@example.org");
        }
        return mail;
    }
}
