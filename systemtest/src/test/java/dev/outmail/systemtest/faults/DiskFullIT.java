package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.kafka.KafkaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T19: the broker's disk is full. Needs the right to mount. In full size only.
@EnabledIfSystemProperty(named = "outmail.test.faults", matches = "true")
class DiskFullIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void aFullDiskLosesNothingThatWasAcknowledged() throws IOException {
        var disk = SUITE.folder("disk");
        assumeThat(mount("size=48m", disk)).as("may mount").isTrue();
        try (var kafka = KafkaProcess.start(disk.resolve("kafka"), 0)) {
            fillAndGoOn(kafka, disk);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fillAndGoOn(KafkaProcess kafka, Path disk) throws IOException {
        var text = "a line of some length, to fill a disk with\n".repeat(2_000);
        try (var rig = SUITE.rig("T19 broker's disk full", kafka.bootstrapServers()).set()) {
            int mails = 0;
            while (rig.publisher().failed().isEmpty() && mails < 5_000) {
                rig.publisher()
                        .publish(
                                mails,
                                mails + 50,
                                (mail, n) -> mail.to("u" + n + "@example.org").text(text));
                mails += 50;
            }
            assertThat(rig.publisher().failed()).as("said not to be accepted").isNotEmpty();
            kafka.kill();
            assertThat(mount("remount,size=512m", disk)).isTrue();
            kafka.startAgain();

            rig.startWorkers(1);
            rig.awaitDrained(PATIENCE);

            rig.measured("%d not accepted".formatted(rig.publisher().failed().size()));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
        }
    }

    private static boolean mount(String options, Path folder) throws IOException {
        Files.createDirectories(folder);
        return run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    }

    private static boolean run(String... command) {
        try (var program = ExternalProgram.start(List.of(command), Map.of())) {
            return program.awaitExit(PATIENCE) == 0;
        }
    }
}
