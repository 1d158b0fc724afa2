package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T20: the workers' clock jumps, while their monotonic one does not. Needs Debian's faketime. In
/// full size only.
@EnabledIfSystemProperty(named = "outmail.test.faults", matches = "true")
class ClockIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final List<String> JUMPS = List.of("+3600s", "-3600s", "-7200s", "+2d", "+0s");
    private static final double SCALE = 0.05;

    /// The first retry comes after a minute, less a fifth; and a tenth less than that is no error.
    private static final Duration EARLIEST = Duration.ofMillis((long) (60_000 * 0.8 * 0.9 * SCALE));

    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
                    Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

    @Test
    void aClockThatJumpsLosesAndDoublesNothing() throws IOException {
        assumeThat(library()).as("apt-get install faketime").isPresent();
        var clock = Files.writeString(SUITE.folder("clock").resolve("offset"), "+0s");
        var faults =
                // seldom enough that no mail is put off for longer than the test has patience
                new Faults(FaultSuite.seed())
                        .byChance("put off", 0.1, "RCPT", Act.reply("450 later"));
        try (var rig =
                SUITE.rig("T20 clock jumps x" + JUMPS.size())
                        .environment("LD_PRELOAD", library().orElseThrow().toString())
                        .environment("FAKETIME_TIMESTAMP_FILE", clock.toString())
                        .environment("FAKETIME_NO_CACHE", "1")
                        .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                        .with("smtp.final-dot-timeout", "5s")
                        .retryScale(SCALE)
                        .set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);

            // expired by a clock that is a day ahead, not by the brokers'
            var expiresAt = Instant.now().plus(Duration.ofHours(1));
            var publishing =
                    rig.publishInBackground(
                            2_500,
                            50,
                            (mail, n) -> mail.to("u" + n + "@example.org").expiresAt(expiresAt));
            for (var jump : JUMPS) {
                Rig.pause(Duration.ofSeconds(8));
                Files.writeString(clock, jump);
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            rig.measured(
                    "put off %d times, earliest retry after %d ms of 3,000"
                            .formatted(
                                    faults.played("put off"),
                                    rig.log().earliestRetry().toMillis()));
            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(2_500);
            // of what was under way at a jump, when Kafka's client lost its place
            assertThat(found.doubled()).isLessThanOrEqualTo(found.inDoubt());
            assertThat(rig.log().earliestRetry()).as("first retry").isGreaterThan(EARLIEST);
            assertThat(rig.records().all(rig.topics().deadLetters())).isEmpty();
        }
    }

    private static Optional<Path> library() {
        return PLACES.stream().filter(Files::exists).findFirst();
    }
}
