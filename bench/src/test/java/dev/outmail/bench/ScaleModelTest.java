package dev.outmail.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleModelTest {
    private static final UnitCosts COSTS =
            new UnitCosts(
                    "two cores",
                    2,
                    30,
                    40,
                    80,
                    50,
                    0.05,
                    0.03,
                    2_000,
                    200,
                    600,
                    Map.of(1, 9_000.0));
    private final ScaleModel model = new ScaleModel(COSTS);

    @Test
    void allShareTheCoresOfOneMachine() {
        assertThat(model.onSharedCores(1)).isCloseTo(1.92 / 200e-6, within(1.0));
        assertThat(model.onSharedCores(4)).isCloseTo(1.83 / 200e-6, within(1.0));
        assertThat(model.error(1, 9_600)).isCloseTo(0, within(0.001));
    }

    @Test
    void aSiteHasAWorkerToSpareAndBrokersForThreeCopies() {
        var site = model.site(10_000);

        // 0.8 cores of 4 of which 60 % are used, and one more
        assertThat(site.workers()).isEqualTo(2);
        assertThat(site.partitions()).isEqualTo(12);
        assertThat(site.brokers()).isEqualTo(3);
        assertThat(site.brokerCores()).isCloseTo(0.8, within(0.001));
        assertThat(site.writtenMegabytesPerSecond()).isCloseTo(84, within(0.1));
        assertThat(site.keptTerabytes()).isCloseTo(122.9, within(0.1));
    }

    @Test
    void theLedgersOwnLimitBoundsWhatItRemembers() {
        var site = model.site(10_000);

        assertThat(site.window()).isEqualTo(Duration.ofMinutes(20));
        assertThat(site.ledgerGigabytesPerWorker()).isCloseTo(0.384, within(0.001));
        assertThat(model.site(10).window()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void costsAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
        var file = folder.resolve("costs");

        COSTS.write(file);

        assertThat(UnitCosts.read(file)).isEqualTo(COSTS);
    }

    /// Of the measurements that are kept with the source.
    @Test
    void thePageHasTheTables() throws IOException {
        var out = new java.io.StringWriter();
        new picocli.CommandLine(new ScaleCommand())
                .setOut(new java.io.PrintWriter(out))
                .execute("--costs", "unit-costs.properties");

        assertThat(Files.readString(Path.of("..", "docs", "scaling.md"))).contains(out.toString());
    }
}
