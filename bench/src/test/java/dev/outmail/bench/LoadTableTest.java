package dev.outmail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTableTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void ratiosAreMediansOfTheRoundsRatios() {
        var rounds =
                List.of(
                        Map.of("smtp-source", run(1_000), "ours", run(500)),
                        Map.of("smtp-source", run(100), "ours", run(60)),
                        Map.of("smtp-source", run(800), "ours", run(560)));

        var table = LoadTable.of(rounds, List.of("smtp-source", "ours", "absent"), "ours");

        var ours = table.lines().toList().get(3).replaceAll(" +", " ");
        assertThat(ours).isEqualTo("| ours | 500 [60–560] | 2.00 | 0.60 | 1.00 |");
        assertThat(table).doesNotContain("absent");
    }

    private static Run run(int messages) {
        return new Run(messages, SECOND, messages * SECOND / 5_000, 0);
    }
}
