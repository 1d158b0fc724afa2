package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The alerts and the dashboard: they use what there is, do what they say, and have a runbook.
class MonitoringIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path PROMETHEUS = Checkout.ROOT.resolve("deploy/prometheus");
    private static final Path RULES = PROMETHEUS.resolve("outmail.rules.yml");
    private static final Path DASHBOARD = Checkout.ROOT.resolve("deploy/grafana/outmail.json");
    private static final Path METRICS = Checkout.ROOT.resolve("docs/metrics.md");
    private static final Path RUNBOOKS = Checkout.ROOT.resolve("docs/operations.md");
    private static final Pattern USED = Pattern.compile("\\b(outmail_[a-z_]+)");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(outmail_[a-z_]+)`");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("runbook: docs/operations\\.md#(\\S+)");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (Outmail\\w+)$");
    private static final Pattern WORKER = Pattern.compile("Metrics +http://(\\S+)/metrics");

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir Path folder;

    @Test
    void allMetricsThatRulesAndDashboardUseAreDocumented() throws IOException {
        var documented = matches(DOCUMENTED, METRICS).toList();

        assertThat(Stream.of(RULES, DASHBOARD).flatMap(file -> matches(USED, file)))
                .hasSizeGreaterThan(30)
                .map(used -> used.replaceFirst("_(bucket|count|sum)$", ""))
                .isSubsetOf(documented);
    }

    @Test
    void eachAlertHasARunbookAndEachRunbookAnAlert() {
        var alerts = matches(ALERT, RULES).toList();

        assertThat(alerts).hasSizeGreaterThan(6);
        assertThat(matches(HEADING, RUNBOOKS)).containsExactlyElementsOf(alerts);
        assertThat(matches(RUNBOOK, RULES))
                .containsExactlyElementsOf(
                        alerts.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    @Test
    void theRulesDoWhatTheirTestsSay() throws IOException {
        var promtool = ExternalProgram.assumeInstalled("promtool", "prometheus");
        var tests = PROMETHEUS.resolve("outmail.rules.test.yml");
        // with the rules that it names
        var config = PROMETHEUS.resolve("prometheus.yml");

        try (var checked = ExternalProgram.start(promtool, "check", "config", config.toString());
                var tested = ExternalProgram.start(promtool, "test", "rules", tests.toString())) {
            assertThat(checked.awaitExit(PATIENCE)).as(checked.output()).isZero();
            assertThat(tested.awaitExit(PATIENCE)).as(tested.output()).isZero();
        }
        assertThat(matches(Pattern.compile("alertname: (Outmail\\w+)"), tests).distinct())
                .containsExactlyInAnyOrderElementsOf(matches(ALERT, RULES).toList());
    }

    @Test
    void prometheusReadsAWorkerAndTheRulesAndTheDashboardWork() throws Exception {
        var program = ExternalProgram.assumeInstalled("prometheus", "prometheus");
        int port = freePort();
        try (var prometheus =
                ExternalProgram.start(
                        program,
                        "--config.file=" + config(),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)) {
            awaitScraped(port, prometheus);

            assertThat(value(port, "sum(outmail_partitions)")).isPositive();
            assertThat(value(port, "count(outmail_info{job=\"outmail\"})")).isEqualTo(1);
            assertThat(value(port, "count(jvm_memory_used_bytes)")).isPositive();
            rulesAreHealthy(port);
            theDashboardsQueriesAreUnderstood(port);
        }
    }

    private String config() throws IOException {
        var worker = OUTMAIL.up().program().awaitOutput(WORKER, PATIENCE).group(1);
        return Files.writeString(
                        folder.resolve("prometheus.yml"),
                        """
                        global: {scrape_interval: 1s, evaluation_interval: 1s}
                        rule_files: ["%s"]
                        scrape_configs:
                          - job_name: outmail
                            static_configs: [{targets: ["%s"]}]
                        """
                                .formatted(RULES, worker))
                .toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// It answers from when it is ready, and has the first samples a second later.
    private void awaitScraped(int port, ExternalProgram prometheus) {
        Await.until(
                PATIENCE,
                () -> isReady(port) && value(port, "up{job=\"outmail\"}") == 1,
                () -> "the worker is up to Prometheus, which says:\n" + prometheus.output());
    }

    private boolean isReady(int port) throws InterruptedException {
        try {
            return get(port, "/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private void rulesAreHealthy(int port) throws Exception {
        var names = new TreeSet<String>();
        Await.until(
                PATIENCE,
                () -> {
                    var rules = json(port, "/api/v1/rules").at("/data/groups/0/rules");
                    rules.forEach(rule -> names.add(rule.get("name").asString()));
                    return rules.valueStream()
                            .allMatch(rule -> rule.get("health").asString().equals("ok"));
                },
                "all rules were evaluated");
        assertThat(names).containsExactlyInAnyOrderElementsOf(matches(ALERT, RULES).toList());
    }

    private void theDashboardsQueriesAreUnderstood(int port) throws Exception {
        var queries =
                json.readTree(Files.readString(DASHBOARD)).findValuesAsString("expr").stream()
                        .map(expr -> expr.replace("$job", ".*").replace("$__rate_interval", "1m"))
                        .toList();
        assertThat(queries).hasSizeGreaterThan(20);
        for (var query : queries) {
            assertThat(get(port, "/api/v1/query?query=" + encoded(query)).statusCode())
                    .as(query)
                    .isEqualTo(200);
        }
    }

    /// The value of a query's only sample; NaN where there is none.
    private double value(int port, String query) throws IOException, InterruptedException {
        var sample =
                json(port, "/api/v1/query?query=" + encoded(query)).at("/data/result/0/value/1");
        return sample.isMissingNode() ? Double.NaN : Double.parseDouble(sample.asString());
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private JsonNode json(int port, String path) throws IOException, InterruptedException {
        return json.readTree(get(port, path).body());
    }

    private HttpResponse<String> get(int port, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(
                HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Stream<String> matches(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).results().map(m -> m.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
