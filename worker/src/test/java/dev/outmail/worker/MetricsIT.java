package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a worker measures: all that is documented, and nothing else.
class MetricsIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Path DOCUMENTATION = Path.of("..", "docs", "metrics.md");
    private static final Pattern METRIC =
            Pattern.compile("\\| `(outmail_\\w+)` \\| (\\w+) \\|[^|]*\\|([^|]*)\\|[^|]+\\|");
    private static final Pattern PREFIX = Pattern.compile("\\| `(\\w+_)\\*` \\| .*");

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void aMailOfEachFateIsCountedByMetricsThatAreAllDocumented() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("RCPT TO:<nobody@", "550 5.1.1 no such user as nobody@example.org");
            server.once("RCPT TO:<grey@", "451 4.7.1 greylisted, try again later");
            var worker = site.start(Map.of("worker.drain-timeout", "100ms"));
            site.save(Site.smtp(server.port()));
            site.save("away", Settings.INITIAL.withConnection(Site.smtp(closedPort())));
            site.save("quiet", Settings.INITIAL);
            var before = Instant.now();

            publishOneOfEachFate(server);
            var scrape = awaitCounted(worker);

            counts(scrape);
            assertThat(scrape.value("outmail_last_sent_timestamp_seconds{profile=\"default\"}"))
                    .isBetween(before.getEpochSecond() - 1.0, Instant.now().getEpochSecond() + 1.0);
            assertThat(scrape.values())
                    .containsEntry("outmail_attempt_seconds_count{outcome=\"silenced\"}", 1.0)
                    .doesNotContainKey("outmail_last_sent_timestamp_seconds{profile=\"quiet\"}");
            saysNothingOfMails(scrape);
            documentedAre(scrape);
        }
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void publishOneOfEachFate(ScriptedSmtpServer server) {
        site.publish(Site.mail("sent"));
        site.awaitLog("sent", OutcomeName.SENT);
        site.publish(Site.mail("sent"));
        site.publish(Site.mail("silenced").profile("quiet"));
        site.publish(Site.mail("refused").to("nobody@example.org"));
        site.publish(Site.mail("grey").to("grey@example.org"));
        site.publish(Site.mail("of-nobody").profile("made-up"));
        site.publish("bad", new byte[] {'?'});
        site.awaitLog("silenced", OutcomeName.SILENCED);
        site.awaitLog("sent", OutcomeName.DUPLICATE);
        site.awaitLog("grey", OutcomeName.SENT);
        site.awaitLog("refused", OutcomeName.REJECTED);
        server.once(".", Act.close());
        site.publish(Site.mail("doubtful").onDoubt(OnDoubt.HOLD));
        site.awaitLog("doubtful", OutcomeName.HELD);
        site.publish(Site.mail("waits").profile("away"));
        site.awaitLog("of-nobody", OutcomeName.HELD);
    }

    private Scrape awaitCounted(Worker worker) {
        return Await.value(
                Site.PATIENCE,
                () ->
                        Stream.of(Scrape.of(site.get(worker, "/metrics").body()))
                                .filter(it ->
                                        it.value("outmail_lag_events{partition=\"0\"}") == 2
                                                && it.value("outmail_delayed_events{delay=\"10s\"}")
                                                        == 0
                                                && it.families().containsKey("outmail_breaker_open")
                                                && it.families().keySet().stream()
                                                        .anyMatch(n ->
                                                                n.startsWith("kafka_producer_")))
                                .findFirst(),
                () -> "two are left over, the breaker is open");
    }

    private static void counts(Scrape scrape) {
        var outcomes = "outmail_outcomes_total{outcome=\"%s\",profile=\"%s\",reason=\"%s\"}";
        assertThat(scrape.value(outcomes.formatted("sent", "default", "accepted"))).isEqualTo(2);
        assertThat(scrape.value(outcomes.formatted("rejected", "default", "unknown-recipient")))
                .isEqualTo(1);
        assertThat(scrape.value(outcomes.formatted("deferred", "default", "greylisted")))
                .isEqualTo(1);
        assertThat(scrape.value(outcomes.formatted("duplicate", "default", "duplicate")))
                .isEqualTo(1);
        assertThat(scrape.value(outcomes.formatted("held", "(other)", "unknown-profile")))
                .isEqualTo(1);
        assertThat(scrape.value(outcomes.formatted("malformed", "(none)", "malformed")))
                .isEqualTo(1);
        assertThat(scrape.value("outmail_retries_total{profile=\"default\"}")).isEqualTo(1);
        assertThat(scrape.value("outmail_dead_letters_total{profile=\"default\"}")).isEqualTo(2);
        assertThat(scrape.value("outmail_dead_letters_total{profile=\"(none)\"}")).isEqualTo(1);
        assertThat(scrape.values())
                .containsEntry("outmail_dead_letters_total{profile=\"away\"}", 0.0)
                .containsEntry("outmail_in_doubt_total{next=\"held\",profile=\"default\"}", 1.0)
                .containsEntry("outmail_in_doubt_total{next=\"resend\",profile=\"default\"}", 0.0)
                .containsEntry("outmail_settings_revision{profile=\"away\"}", 1.0)
                .containsEntry("outmail_attempt_seconds_count{outcome=\"sent\"}", 2.0)
                .containsEntry("outmail_attempt_seconds_count{outcome=\"rejected\"}", 1.0)
                .containsEntry("outmail_delivery_seconds_count{outcome=\"sent\"}", 2.0)
                .containsEntry("outmail_in_flight", 2.0)
                .containsEntry("outmail_ledger_restore_seconds_count", 1.0)
                .containsEntry("outmail_ledger_restoring", 0.0);
        assertThat(scrape.value("outmail_ledger_ids")).isGreaterThanOrEqualTo(4);
        assertThat(scrape.value("outmail_oldest_event_age_seconds{partition=\"0\"}")).isPositive();
        assertThat(scrape.value("outmail_attempt_seconds_bucket{outcome=\"sent\",le=\"600.0\"}"))
                .isEqualTo(2);
        serversAreTold(scrape);
    }

    private static void serversAreTold(Scrape scrape) {
        var open = series(scrape, "outmail_breaker_open");
        assertThat(open).hasSize(1);
        assertThat(open.firstKey()).contains("reason=\"unreachable\"", "server=\"localhost:");
        assertThat(series(scrape, "outmail_breaker_state").entrySet())
                .filteredOn(one -> one.getValue() == 1)
                .extracting(Map.Entry::getKey)
                .as("the native mailer, the server, and the one that is away")
                .hasSize(3)
                .anyMatch(one -> one.contains("closed"))
                .anyMatch(one -> one.contains("open") || one.contains("probing"));
        assertThat(series(scrape, "outmail_smtp_closures_total"))
                .as("by the final dot in doubt")
                .containsValue(1.0);
        assertThat(series(scrape, "outmail_smtp_connections_limit")).hasSize(2);
    }

    private static NavigableMap<String, Double> series(Scrape scrape, String family) {
        var found = new TreeMap<String, Double>();
        scrape.values()
                .forEach((name, value) -> {
                    if (name.startsWith(family + "{")) {
                        found.put(name, value);
                    }
                });
        return found;
    }

    private static void saysNothingOfMails(Scrape scrape) {
        assertThat(scrape.values().keySet())
                .noneMatch(it -> it.contains("example.org") || it.contains("made-up"))
                .noneMatch(it -> it.contains("no such user") || it.contains("greylisted,"));
    }

    private static void documentedAre(Scrape scrape) throws IOException {
        var documentation = Files.readString(DOCUMENTATION, StandardCharsets.UTF_8);
        var documented = new TreeMap<String, Scrape.Family>();
        rows(documentation, METRIC)
                .forEach(row ->
                        documented.put(
                                row.group(1),
                                new Scrape.Family(row.group(2), labels(row.group(3)))));
        var prefixes = rows(documentation, PREFIX).map(row -> row.group(1)).toList();
        var ours = new TreeMap<>(scrape.families());
        ours.keySet().removeIf(name -> !name.startsWith("outmail_"));

        assertThat(ours).isEqualTo(documented);
        assertThat(scrape.families().keySet())
                .filteredOn(name -> !name.startsWith("outmail_"))
                .allMatch(name -> prefixes.stream().anyMatch(name::startsWith));
        assertThat(prefixes)
                .isNotEmpty()
                .allMatch(
                        it -> scrape.families().keySet().stream().anyMatch(n -> n.startsWith(it)));
    }

    private static Stream<MatchResult> rows(String documentation, Pattern row) {
        return documentation
                .lines()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(Matcher::toMatchResult);
    }

    private static List<String> labels(String written) {
        return Stream.of(written.replace("`", "").split(",", -1))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .sorted()
                .toList();
    }
}
