package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import org.junit.jupiter.api.Test;

class SilentTransportTest {

    @Test
    void everybodyIsAcceptedAndNothingIsSent() {
        try (var silent = new SilentTransport()) {

            var result = silent.deliver(TestMails.to("a@example.org", "b@example.org"));

            assertThat(result)
                    .isInstanceOfSatisfying(
                            TransportResult.Judged.class,
                            judged -> {
                                assertThat(judged.server()).isEqualTo("silent");
                                assertThat(judged.verdicts())
                                        .hasSize(2)
                                        .allMatch(v -> v.verdict() == Verdict.ACCEPTED)
                                        .allMatch(v -> v.reason() == Reason.SILENT);
                            });
        }
    }
}
