package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import dev.outmail.testkit.smtp.SmtpSink;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// T8: the answer to the final dot gets lost; T8b: it comes late, or is none, or an unusual one.
class LostAnswerIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final String LOST = "lost answer";
    private static final double LOSS = FaultSuite.isFull() ? 0.02 : 0.05;

    /// A server whose answer is lost is left alone for a while, in small size for a shorter one.
    private static final double RETRY_SCALE = FaultSuite.isFull() ? 1 : 0.2;

    @TempDir Path folder;

    private static Rig rig(String test, Faults faults) {
        return rig(test, faults, RETRY_SCALE);
    }

    /// @param retryScale how long waits are, as a part of their usual length
    private static Rig rig(String test, Faults faults, double retryScale) {
        var rig = SUITE.rig(test).with("smtp.final-dot-timeout", "3s").retryScale(retryScale).set();
        rig.server().faults(faults);
        rig.startWorkers(1);
        return rig;
    }

    @Test
    void eachLostAnswerCostsOneCopyThatIsInDoubt() {
        int mails = FaultSuite.sized(400, 20_000);
        var faults = new Faults(FaultSuite.seed()).byChance(LOST, LOSS, ".", Act.close());
        try (var rig = rig("T8 answer lost, resend", faults)) {
            rig.publisher().publish(0, mails);
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            rig.measured("answers lost %d".formatted(faults.played(LOST)));
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isEqualTo(faults.played(LOST)).isPositive();
        }
    }

    @Test
    void whatIsHeldInDoubtIsNotSentAgain() {
        int mails = FaultSuite.sized(200, 20_000);
        var faults = new Faults(FaultSuite.seed()).byChance(LOST, LOSS, ".", Act.close());
        try (var rig = rig("T8 answer lost, hold", faults)) {
            rig.publisher()
                    .publish(
                            0,
                            mails,
                            (mail, n) ->
                                    mail.to("user-" + n + "@example.org").onDoubt(OnDoubt.HOLD));
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            rig.measured("answers lost %d".formatted(faults.played(LOST)));
            assertThat(found.doubled()).isZero();
            assertThat(rig.log().count(OutcomeName.HELD)).isEqualTo(faults.played(LOST));
        }
    }

    /// By a server that others wrote: Postfix's, which takes each mail, says nothing and leaves.
    @Test
    void postfixSinkHasEachHeldMailOnce() throws Exception {
        Assumptions.assumeThat(SmtpSink.installed()).as(SmtpSink.HOW_TO_INSTALL).isPresent();
        // one after the other, as the server is left alone after each, here for seconds
        int mails = FaultSuite.sized(5, 20);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        var dump = folder.resolve("dump");
        try (var sink = SmtpSink.start("-q", ".", "-D", dump.toString());
                var rig = rig("T8 answer lost by smtp-sink, hold", new Faults(0), 0.05)) {
            rig.deliverTo(sink.port());
            rig.publisher()
                    .publish(
                            0,
                            mails,
                            (mail, n) ->
                                    mail.to("user-" + n + "@example.org").onDoubt(OnDoubt.HOLD));
            rig.awaitDrained(PATIENCE);

            var found = rig.findings();
            assertThat(found.lost()).isEmpty();
            assertThat(found.passedUnfinished()).isEmpty();
            assertThat(rig.log().count(OutcomeName.HELD)).isEqualTo(mails);
            assertThat(ids(dump)).hasSize(mails).doesNotHaveDuplicates();
        }
    }

    private static List<String> ids(Path dump) throws IOException {
        return Pattern.compile("(?m)^X-Test-Id: (\\S+)")
                .matcher(Files.readString(dump, StandardCharsets.ISO_8859_1))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /// T8b.
    @Test
    void aLateOrGarbledAnswerIsNoAnswerAndAnyOther2xxIsOne() {
        var faults =
                new Faults(0)
                        .forAddresses("late", "+late@", 1, ".", late())
                        .forAddresses("garbage", "+garbage@", 1, ".", Act.raw("what?\r\n"))
                        .forAddresses("251", "+other@", 1, ".", Act.reply("251 forwarding"))
                        .forAddresses("lines", "+lines@", 1, ".", lines());
        var tags = List.of("late", "garbage", "other", "lines");
        int each = FaultSuite.sized(5, 50);
        try (var rig = rig("T8b answer late, garbled, unusual", faults)) {
            rig.publisher()
                    .publish(
                            0,
                            4 * each,
                            (mail, n) -> mail.to("u" + n + "+" + tags.get(n % 4) + "@example.org"));
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.inDoubt()).as("late and garbage").isEqualTo(2 * each);
            assertThat(found.doubled()).isEqualTo(2 * each);
        }
    }

    private static Act late() {
        return Act.after(Duration.ofSeconds(5), Act.reply("250 2.0.0 taken"));
    }

    private static Act lines() {
        return Act.reply("250-2.0.0 taken", "250-2.0.0 and", "250 2.0.0 queued");
    }
}
