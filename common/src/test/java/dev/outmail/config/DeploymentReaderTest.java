package dev.outmail.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Locks;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentReaderTest {
    private static final Map<String, String> LEAST =
            Map.of("kafka.bootstrap.servers", "kafka.example.com:9092");

    /// The base64 of 32 bytes each.
    private static final String KEYS =
            "k2:" + "c2Vj".repeat(10) + "c2U=,k1:" + "a2V5".repeat(10) + "a2U=";

    static final Set<String> FIXED_KEYS = KafkaClients.FIXED_KEYS;

    private static final Map<String, String> EVERYTHING =
            Map.ofEntries(
                    Map.entry("kafka.bootstrap.servers", "one:9092,two:9092"),
                    Map.entry("kafka.security.protocol", "SASL_SSL"),
                    Map.entry("topics.prefix", "team-a."),
                    Map.entry("event.max-recipients", "500"),
                    Map.entry("event.max-bytes", "1048576"),
                    Map.entry("worker.id", "worker-7"),
                    Map.entry("worker.max-in-flight", "50"),
                    Map.entry("worker.max-in-flight-bytes", "1000000"),
                    Map.entry("worker.drain-timeout", "2m"),
                    Map.entry("worker.session-timeout", "30s"),
                    Map.entry("ledger.window", "48h"),
                    Map.entry("ledger.max-ids", "5000"),
                    Map.entry("outcomes.cloudevents", "on"),
                    Map.entry("preferences.view", "off"),
                    Map.entry("http.address", "127.0.0.1"),
                    Map.entry("http.port", "0"),
                    Map.entry("native.sendmail", "/opt/bin/sendmail"),
                    Map.entry("smtp.localhost", "mail.example.com"),
                    Map.entry("smtp.final-dot-timeout", "5m"),
                    Map.entry("console.users", "/etc/outmail/users"),
                    Map.entry("console.data", "/var/lib/outmail"),
                    Map.entry("console.test-hosts", "127.0.0.1:2525, relay.internal:26"),
                    Map.entry("console.url", "https://mail.example.com/"),
                    Map.entry("console.link-keys", KEYS),
                    Map.entry("secrets.keys", KEYS),
                    Map.entry("smtp-in.address", "0.0.0.0"),
                    Map.entry("smtp-in.port", "587"),
                    Map.entry("smtp-in.tls.certificate", "/etc/outmail/chain.pem"),
                    Map.entry("smtp-in.tls.key", "/etc/outmail/key.pem"),
                    Map.entry("smtp-in.users", "/etc/outmail/smtp-users"),
                    Map.entry("smtp-in.networks", "10.1.0.0/16, fd00::/8"),
                    Map.entry("smtp-in.proxies", "10.0.0.7"),
                    Map.entry("smtp-in.max-connections", "500"),
                    Map.entry("smtp-in.max-connections-per-client", "20"),
                    Map.entry("smtp-in.max-mails-per-second-per-client", "50"),
                    Map.entry("smtp-in.source", "/legacy"),
                    Map.entry("smtp-in.profile", "bulk"),
                    Map.entry("smtp-in.drain-timeout", "20s"),
                    Map.entry("sendmail.spool", "/srv/spool"),
                    Map.entry("sendmail.source", "/shop"),
                    Map.entry("sendmail.profile", "shop"),
                    Map.entry("sendmail.domain", "example.com"),
                    Map.entry("sendmail.drainer", "service"),
                    Map.entry("log.format", "json"));

    private static final Deployment EVERYTHING_READ =
            new Deployment(
                    Map.of(
                            "bootstrap.servers",
                            "one:9092,two:9092",
                            "security.protocol",
                            "SASL_SSL"),
                    new Topics("team-a."),
                    new EventLimits(500, 1_048_576),
                    new Deployment.WorkerOptions(
                            "worker-7",
                            50,
                            1_000_000,
                            Duration.ofMinutes(2),
                            Duration.ofSeconds(30)),
                    new Deployment.LedgerOptions(Duration.ofDays(2), 5_000),
                    true,
                    false,
                    new Deployment.Http("127.0.0.1", 0),
                    Path.of("/opt/bin/sendmail"),
                    new Deployment.Smtp("mail.example.com", Duration.ofMinutes(5)),
                    KeyRing.read(KEYS),
                    Locks.NONE,
                    new Deployment.ConsoleOptions(
                            Path.of("/etc/outmail/users"),
                            Path.of("/var/lib/outmail"),
                            Set.of("127.0.0.1:2525", "relay.internal:26"),
                            "https://mail.example.com",
                            KeyRing.read(KEYS)),
                    new Deployment.SmtpIn(
                            "0.0.0.0",
                            587,
                            Optional.of(
                                    new Deployment.PemFiles(
                                            Path.of("/etc/outmail/chain.pem"),
                                            Path.of("/etc/outmail/key.pem"))),
                            Optional.of(Path.of("/etc/outmail/smtp-users")),
                            Networks.parse("10.1.0.0/16, fd00::/8"),
                            Networks.parse("10.0.0.7/32"),
                            new Deployment.ClientLimits(500, 20, 50),
                            "/legacy",
                            "bulk",
                            Duration.ofSeconds(20)),
                    new SpoolOptions(
                            Path.of("/srv/spool"),
                            "/shop",
                            "shop",
                            "example.com",
                            false,
                            new EventLimits(500, 1_048_576)));

    @Test
    void onlyKafkaMustBeSaid() {
        var read = DeploymentReader.read(LEAST, Map.of());

        assertThat(read)
                .isEqualTo(
                        new Deployment(
                                Map.of("bootstrap.servers", "kafka.example.com:9092"),
                                new Topics("outmail."),
                                EventLimits.DEFAULT,
                                new Deployment.WorkerOptions(
                                        read.worker().id(),
                                        1_000,
                                        64 * 1024 * 1024,
                                        Duration.ofSeconds(8),
                                        Duration.ofSeconds(10)),
                                new Deployment.LedgerOptions(Duration.ofDays(1), 1_000_000),
                                false,
                                true,
                                new Deployment.Http("0.0.0.0", 8081),
                                Path.of("/usr/sbin/sendmail"),
                                new Deployment.Smtp(
                                        read.smtp().localhost(), Duration.ofMinutes(10)),
                                KeyRing.EMPTY,
                                Locks.NONE,
                                new Deployment.ConsoleOptions(
                                        Path.of("outmail-users"),
                                        Path.of("outmail-console"),
                                        Set.of(),
                                        "",
                                        KeyRing.EMPTY),
                                new Deployment.SmtpIn(
                                        "127.0.0.1",
                                        2525,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Networks.parse("127.0.0.0/8, ::1"),
                                        Networks.NONE,
                                        new Deployment.ClientLimits(1_000, 100, 0),
                                        "/smtp",
                                        "default",
                                        Duration.ofSeconds(8)),
                                new SpoolOptions(
                                        Path.of("/var/spool/outmail"),
                                        "/sendmail",
                                        "default",
                                        "",
                                        true,
                                        EventLimits.DEFAULT)));
        assertThat(read.worker().id()).isNotBlank();
        assertThat(read.smtp().localhost()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    smtp-in.address=0.0.0.0                              | must log in over TLS
                    smtp-in.address=0.0.0.0;smtp-in.users=u              | must log in over TLS
                    smtp-in.address=mail.internal;smtp-in.networks=::1   | must log in over TLS
                    smtp-in.tls.key=k                                    | one is no use without the other
                    smtp-in.networks=10.0.0.0/33                         | is no range of addresses
                    smtp-in.networks=intranet                            | is no range of addresses
                    smtp-in.max-connections=0                            | must be a whole number from 1
                    """)
    void aWayInThatNobodyCouldTakeIsRefused(String written, String said) {
        var keys = new HashMap<>(LEAST);
        for (var entry : written.split(";", -1)) {
            var parts = entry.split("=", 2);
            keys.put(parts[0], parts[1]);
        }

        assertThatExceptionOfType(InvalidDeployment.class)
                .isThrownBy(() -> DeploymentReader.read(keys, Map.of()))
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.128.0/17, 10.1.127.255, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "0.0.0.0/0, ::1, false",
        "0.0.0.0/0, 203.0.113.9, true"
    })
    void aNetworkIsAllThatBeginsAlike(String network, String address, boolean in) throws Exception {
        assertThat(Networks.parse(network).contains(InetAddress.getByName(address))).isEqualTo(in);
    }

    /// What Java takes for an address, and others for a network.
    @ParameterizedTest
    @ValueSource(strings = {"192.168/16", "10/8", "10.1", "::1/129", "10.0.0.0/33", "example.com"})
    void aNetworkInShortIsNone(String network) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Networks.parse(network));
    }

    @ParameterizedTest
    @CsvSource({
        "'127.0.0.0/8, ::1', true",
        "127.0.0.1, true",
        "127.0.0.1/0, false",
        "::1/127, false",
        "10.0.0.0/8, false"
    })
    void loopbackIsNoMoreThanThisHost(String networks, boolean loopback) {
        assertThat(Networks.parse(networks).areLoopback()).isEqualTo(loopback);
    }

    @Test
    void everyKeyCanBeSetInTheFile() {
        assertThat(EVERYTHING).containsKeys(Key.names().toArray(String[]::new));

        assertThat(DeploymentReader.read(EVERYTHING, Map.of())).isEqualTo(EVERYTHING_READ);
    }

    @Test
    void everyKeyCanBeSetByTheEnvironment() {
        var environment = new HashMap<>(asVariables(EVERYTHING));
        environment.put("PATH", "/usr/bin");
        environment.put("KAFKA_HEAP_OPTS", "-Xmx1g");

        assertThat(DeploymentReader.read(Map.of(), environment)).isEqualTo(EVERYTHING_READ);
    }

    @Test
    void theEnvironmentCountsMoreThanTheFile() {
        var file =
                Map.of(
                        "kafka.bootstrap.servers", "file:1",
                        "worker.id", "file",
                        "http.port", "1");

        var read =
                DeploymentReader.read(
                        file,
                        Map.of(
                                "OUTMAIL_KAFKA_BOOTSTRAP_SERVERS", "environment:2",
                                "OUTMAIL_WORKER_ID", "environment"));

        assertThat(read.kafka()).containsEntry("bootstrap.servers", "environment:2");
        assertThat(read.worker().id()).isEqualTo("environment");
        assertThat(read.http().port()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"worker.idd,worker.id", "http.prot,http.port", "topic.prefix,topics.prefix"})
    void anUnknownKeyIsAnErrorThatNamesTheNearest(String unknown, String nearest) {
        assertProblems(with(unknown, "x"))
                .withMessageContaining(
                        "unknown key %s; did you mean %s? The keys are: kafka.*, ",
                        unknown, nearest);
    }

    @Test
    void aSpoolIsReadWithoutAKafkaButNotWithAKeyThatIsUnknown() {
        assertThat(DeploymentReader.readSpool(Map.of(), asVariables(EVERYTHING)))
                .isEqualTo(EVERYTHING_READ.spool());
        assertThat(DeploymentReader.readSpool(Map.of("http.port", "http"), Map.of()).folder())
                .isEqualTo(Path.of("/var/spool/outmail"));
        assertThatExceptionOfType(InvalidDeployment.class)
                .isThrownBy(
                        () -> DeploymentReader.readSpool(Map.of("sendmail.spol", "/"), Map.of()))
                .withMessageContaining("did you mean sendmail.spool?");
    }

    @Test
    void theVariableThatNamesTheFileIsNoKey() {
        var environment = Map.of(DeploymentReader.CONFIG_VARIABLE, "/etc/outmail.properties");

        assertThat(DeploymentReader.keys(environment)).isEmpty();
    }

    @Test
    void anUnknownKeyThatIsLikeNoneIsAnErrorThatNamesAll() {
        assertProblems(with("colour", "red"))
                .withMessageContaining("unknown key colour; keys are: kafka.*, topics.prefix, ");
    }

    @Test
    void anUnknownVariableOfOursIsAnError() {
        assertThatExceptionOfType(InvalidDeployment.class)
                .isThrownBy(() -> DeploymentReader.read(LEAST, Map.of("OUTMAIL_WORKER_IDD", "x")))
                .withMessageContaining("unknown key worker.idd; did you mean worker.id?");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        var properties =
                Map.of(
                        "http.port", "http",
                        "worker.id", "a b",
                        "topics.prefix", "mail_",
                        "kafka.acks", "1",
                        "native.sendmail", "sendmail",
                        "colour", "red");

        assertProblems(properties)
                .withMessageContainingAll(
                        "kafka.bootstrap.servers is missing",
                        "http.port=http: must be a whole number from 0 to 65535",
                        "worker.id=a b: must be letters",
                        "topics.prefix=mail_: ",
                        "kafka.acks can't be set",
                        "native.sendmail=sendmail: must be an absolute path",
                        "unknown key colour");
    }

    @Test
    void whatKubernetesSaysOfServicesIsPassedOver() {
        var environment =
                Map.of(
                        "OUTMAIL_CONSOLE_SERVICE_HOST", "10.0.0.7",
                        "OUTMAIL_CONSOLE_SERVICE_PORT_HTTP", "8080",
                        "OUTMAIL_CONSOLE_PORT", "tcp://10.0.0.7:8080",
                        "OUTMAIL_CONSOLE_PORT_8080_TCP_ADDR", "10.0.0.7",
                        "OUTMAIL_SMTP_IN_PORT", "tcp://10.0.0.8:587",
                        "OUTMAIL_HTTP_PORT", "8081");

        assertThat(DeploymentReader.keys(environment)).isEqualTo(Map.of("http.port", "8081"));
    }

    @ParameterizedTest
    @FieldSource("FIXED_KEYS")
    void keysThatTheGuaranteesRestOnCantBeSet(String key) {
        assertProblems(with("kafka." + key, "x"))
                .withMessageContaining(
                        "kafka.%s can't be set: Outmail's guarantees rest on the value it has",
                        key);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    event.max-recipients,       0
                    event.max-recipients,       10001
                    event.max-recipients,       1e3
                    event.max-bytes,            1023
                    event.max-bytes,            268435457
                    worker.id,                  ''
                    worker.id,                  -a
                    worker.max-in-flight,       0
                    worker.max-in-flight,       100001
                    worker.max-in-flight-bytes, 0
                    worker.max-in-flight-bytes, 9223372036854775808
                    worker.drain-timeout,       8
                    worker.drain-timeout,       8 s
                    worker.drain-timeout,       -8s
                    worker.drain-timeout,       PT-8S
                    worker.drain-timeout,       ''
                    preferences.view,           true
                    preferences.view,           ''
                    http.address,               ''
                    http.port,                  -1
                    http.port,                  65536
                    native.sendmail,            bin/sendmail
                    native.sendmail,            ''
                    sendmail.spool,             spool
                    sendmail.source,            ''
                    sendmail.profile,           ''
                    sendmail.domain,            a b
                    sendmail.drainer,           never
                    smtp.localhost,             a b
                    smtp.localhost,             ''
                    smtp.localhost,             -a
                    topics.prefix,              outmail
                    topics.prefix,              out_mail.
                    topics.prefix,              ''
                    """)
    void aValueOutOfItsRangeIsAProblem(String key, String value) {
        assertProblems(with(key, value))
                .withMessageStartingWith("The configuration can't be used:\n  " + key + "=");
    }

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "8s,PT8S",
        "2m,PT2M",
        "1h,PT1H",
        "1d,PT24H",
        "0s,PT0S",
        "PT1M30S,PT1M30S"
    })
    void durationsAreWrittenShortOrByTheStandard(String written, Duration read) {
        assertThat(
                        DeploymentReader.read(with("worker.drain-timeout", written), Map.of())
                                .worker()
                                .drainTimeout())
                .isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.example.com", "localhost", "[192.0.2.1]", "[IPv6:2001:db8::1]"})
    void weMayBeKnownByANameOrAnAddressInBrackets(String localhost) {
        assertThat(DeploymentReader.read(with("smtp.localhost", localhost), Map.of()))
                .extracting(it -> it.smtp().localhost())
                .isEqualTo(localhost);
    }

    @Test
    void spaceAroundValuesIsNoPartOfThem() {
        assertThat(DeploymentReader.read(with("http.port", " 8080 "), Map.of()).http().port())
                .isEqualTo(8080);
    }

    @Test
    void fieldsOfSettingsAreLockedInTheFileAndInTheEnvironment() {
        var file = with("lock.*.redirectTo", "tester@example.com");
        var environment =
                Map.of(
                        "OUTMAIL_LOCK_DEFAULT_CONNECTION_MODE", "silent",
                        "OUTMAIL_LOCK_DEFAULT_RETRY_GIVEUPAFTER", " P1D ");

        var locks = DeploymentReader.read(file, environment).locks();

        assertThat(locks.all())
                .containsOnly(
                        Map.entry("*/redirectTo", "tester@example.com"),
                        Map.entry("default/connection.mode", "silent"),
                        Map.entry("default/retry.giveUpAfter", "P1D"));
    }

    @Test
    void aLockThatCanNotBeIsAProblemOfTheDeployment() {
        assertProblems(with("lock.default.conection.mode", "silent"))
                .withMessageContaining(
                        "unknown key lock.default.conection.mode; did you mean"
                                + " lock.default.connection.mode? A lock is lock.PROFILE.FIELD, or");
        assertProblems(with("lock.*.timing", "later"))
                .withMessageContaining("lock.*.timing: 'later' is not one of");
    }

    @Test
    void kafkasValuesAreNeverShown() {
        var properties =
                Map.of("kafka.sasl.jaas.config", "password=hunter2", "kafka.acks", "hunter2");

        assertProblems(properties).withMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "k1:hunter2", "k1:hunter2=,k1:hunter2="})
    void keysToPasswordsAreNeverShown(String keys) {
        assertProblems(with("secrets.keys", keys))
                .withMessageContaining("secrets.keys: ")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void aDeploymentShowsTheKeysNamesOnly() {
        assertThat(DeploymentReader.read(EVERYTHING, Map.of()).toString())
                .contains("KeyRing[k2, k1]")
                .doesNotContain("c2Vj", "a2V5");
    }

    private static ThrowableAssertAlternative<InvalidDeployment> assertProblems(
            Map<String, String> properties) {
        return assertThatExceptionOfType(InvalidDeployment.class)
                .isThrownBy(() -> DeploymentReader.read(properties, Map.of()));
    }

    private static Map<String, String> with(String key, String value) {
        return Stream.concat(LEAST.entrySet().stream(), Stream.of(Map.entry(key, value)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> asVariables(Map<String, String> properties) {
        return properties.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                e ->
                                        "OUTMAIL_"
                                                + e.getKey()
                                                        .toUpperCase(Locale.ROOT)
                                                        .replace('.', '_')
                                                        .replace('-', '_'),
                                Map.Entry::getValue));
    }
}
