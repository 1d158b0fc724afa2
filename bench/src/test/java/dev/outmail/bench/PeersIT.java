package dev.outmail.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every peer still runs, and every mail of it arrives: all transports at a far server, and through
/// Kafka to a near one.
class PeersIT {
    private static final Options QUICK = new Options(true, 1, Duration.ofSeconds(1), Set.of());

    @ParameterizedTest
    @ValueSource(strings = {"50kb-20ms", "end-to-end"})
    void allMailsOfAllPeersArrive(String name) throws Exception {
        assumeInstalled("smtp-sink");
        assumeInstalled("smtp-source");
        var scenario = Scenarios.ALL.stream().filter(one -> one.name().equals(name)).findFirst();

        var report =
                scenario.orElseThrow()
                        .run(QUICK, new Progress(name, new PrintWriter(System.err, true, UTF_8)));

        assertThat(report.failures()).isEmpty();
        assertThat(report.table()).contains("smtp-source", "outmail", "spring");
    }

    private static void assumeInstalled(String program) {
        try {
            Programs.path(program);
        } catch (IOException e) {
            Assumptions.abort(e.toString());
        }
    }
}
