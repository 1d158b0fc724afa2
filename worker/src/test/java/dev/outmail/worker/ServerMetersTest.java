package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.MeansState;
import dev.outmail.delivery.MeansState.Condition;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.smtp.Closure;
import dev.outmail.delivery.smtp.PoolState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerMetersTest {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMeters meters = new ServerMeters(registry);

    @Test
    void theyTellHowAServerIsNow() {
        meters.update(List.of(troubled("a:25/none/-"), working("b:25/none/-", 3)));
        meters.update(List.of(working("a:25/none/-", 0), working("b:25/none/-", 4)));

        var scrape = Scrape.of(registry.scrape());
        assertThat(scrape.values())
                .containsEntry(
                        "outmail_breaker_state{server=\"a:25/none/-\",state=\"closed\"}", 1.0)
                .containsEntry("outmail_breaker_state{server=\"a:25/none/-\",state=\"open\"}", 0.0)
                .containsEntry(
                        "outmail_smtp_connections{server=\"b:25/none/-\",state=\"active\"}", 2.0)
                .containsEntry(
                        "outmail_smtp_connections{server=\"b:25/none/-\",state=\"idle\"}", 1.0)
                .containsEntry("outmail_smtp_connections_limit{server=\"b:25/none/-\"}", 5.0)
                .containsEntry("outmail_smtp_waiting{server=\"b:25/none/-\"}", 7.0)
                .containsEntry(
                        "outmail_smtp_closures_total{reason=\"used-up\",server=\"b:25/none/-\"}",
                        4.0)
                .containsEntry(
                        "outmail_smtp_closures_total{reason=\"old\",server=\"b:25/none/-\"}", 0.0);
        assertThat(scrape.families()).doesNotContainKey("outmail_breaker_open");
    }

    @Test
    void aServerThatIsLeftAloneIsToldWithTheReason() {
        meters.update(List.of(troubled("a:25/none/-")));

        assertThat(Scrape.of(registry.scrape()).values())
                .containsEntry(
                        "outmail_breaker_open{reason=\"unreachable\",server=\"a:25/none/-\"}", 1.0)
                .containsEntry("outmail_breaker_state{server=\"a:25/none/-\",state=\"open\"}", 1.0);
    }

    @Test
    void nothingIsLeftOfAServerThatIsGone() {
        meters.update(List.of(working("a:25/none/-", 3), working("b:25/none/-", 1)));

        meters.update(List.of(working("b:25/none/-", 1)));

        assertThat(registry.scrape()).contains("b:25/none/-").doesNotContain("a:25/none/-");
    }

    private static MeansState working(String server, int usedUp) {
        return new MeansState(server, Condition.CLOSED, null, 7, pool(usedUp));
    }

    private static MeansState troubled(String server) {
        return new MeansState(server, Condition.OPEN, Reason.UNREACHABLE, 0, pool(0));
    }

    private static PoolState pool(int usedUp) {
        return new PoolState(2, 1, 0, 5, Map.of(Closure.USED_UP, usedUp));
    }
}
