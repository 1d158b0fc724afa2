package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.settings.KeyRing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.Heard;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// T25: a password that is sealed, refused once and taken then, with every logger at DEBUG and all
/// that Angus can log. It is searched for in whatever a worker and the commands let out; the same
/// search must find it where it belongs, and in each place something that must be there.
class SecretCanaryIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PREFIX = "canary.";
    private static final Pattern STARTED = Pattern.compile("Worker started .*port=\"(\\d+)\"");

    private static final String LOGBACK =
            """
            <configuration>
              <appender name="all" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%level %logger %msg %kvp%n%ex</pattern></encoder>
              </appender>
              <root level="DEBUG"><appender-ref ref="all" /></root>
            </configuration>
            """;

    /// Angus and the JDK log by this.
    private static final String JUL =
            """
            handlers=java.util.logging.ConsoleHandler
            java.util.logging.ConsoleHandler.level=ALL
            .level=ALL
            """;

    private final String password = "Canary" + UUID.randomUUID().toString().replace("-", "");
    private final String key = KeyRing.generate("k1");

    @TempDir Path folder;

    /// A place where secrets may turn up.
    ///
    /// @param markers what is there for certain
    private record Place(String name, String content, List<String> markers) {
        static Place of(String name, String content, String... markers) {
            return new Place(name, content, List.of(markers));
        }
    }

    @Test
    void aSealedPasswordIsNowhereButAtItsServer() throws Exception {
        try (var server = ScriptedSmtpServer.start().requireLogin("app", password)) {
            // a server may repeat what it refuses
            server.once(
                    "AUTH", peer -> peer.say("535 5.7.8 refused: " + server.heardOn(1).getLast()));
            configure(server);
            try (var worker = startWorker()) {
                int port = Integer.parseInt(worker.awaitOutput(STARTED, PATIENCE).group(1));
                publish();
                worker.awaitOutput("A server can't work and is left alone", PATIENCE);
                // which gives the login another chance
                run("settings", "set", "--smtp-max-connections", "3");
                server.awaitReceived(1);
                Await.until(
                        PATIENCE,
                        () -> records("canary.log").contains("\"outcome\":\"sent\""),
                        "the mail is logged as sent");

                var places = places(worker, port);

                assertThat(found(heard(server))).as("at the server").isNotEmpty();
                assertThat(found(Files.readString(folder.resolve("password")))).hasSize(1);
                assertThat(found(Files.readString(folder.resolve("keys")))).hasSize(1);
                assertThat(places)
                        .allSatisfy(place -> {
                            assertThat(place.markers())
                                    .as("markers in " + place.name())
                                    .allMatch(place.content()::contains);
                            assertThat(found(place.content())).as(place.name()).isEmpty();
                        });
            }
        }
    }

    // what is done

    private void configure(ScriptedSmtpServer server) throws IOException {
        write("password", password + "\n");
        write("keys", key + "\n");
        write("logback.xml", LOGBACK);
        write("logging.properties", JUL);
        write(
                "deployment",
                """
                kafka.bootstrap.servers=%s
                topics.prefix=%s
                secrets.keys=file:%s
                worker.id=canary-worker
                smtp.localhost=canary-worker.example
                http.address=127.0.0.1
                http.port=0
                """
                        .formatted(OUTMAIL.up().kafka(), PREFIX, folder.resolve("keys")));
        run("topics", "apply", "--partitions", "1");
        OutmailCommand.install(folder);
        var saved =
                OutmailCommand.runShell(
                        folder,
                        "./outmail settings set --config deployment --connection smtp"
                                + " --smtp-host localhost --smtp-port "
                                + server.port()
                                + " --smtp-security none --smtp-username app"
                                + " --smtp-password-prompt --from canary@example.com < password",
                        Map.of());
        assertThat(saved.exitCode()).as(saved.output()).isZero();
        assertThat(saved.output()).contains("sealed (key k1)");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }

    private String run(String... arguments) {
        var words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--config", folder.resolve("deployment").toString()));
        var ran = OUTMAIL.up().run(words.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private ExternalProgram startWorker() {
        return OutmailCommand.start(
                List.of(
                        "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                        "-Djava.util.logging.config.file=" + folder.resolve("logging.properties"),
                        "-Dmail.debug=true",
                        "-Dmail.debug.auth=true"),
                Map.of(),
                "worker",
                "--config",
                folder.resolve("deployment").toString());
    }

    private void publish() throws IOException {
        var event =
                """
                {"id": "1", "source": "/canary", "to": ["a@example.org"], "subject": "s", "text": "in the event"}
                """;
        write("event.json", event);
        run("publish", folder.resolve("event.json").toString());
    }

    // where it is searched for

    private List<Place> places(ExternalProgram worker, int port) throws Exception {
        var dump = folder.resolve("threads").toString();
        jcmd(worker, "Thread.dump_to_file", "-overwrite", dump);
        var process = Path.of("/proc", Long.toString(worker.pid()));
        return List.of(
                Place.of("threads", Files.readString(Path.of(dump)), "outmail-intake"),
                Place.of("more on threads", jcmd(worker, "Thread.print", "-e"), "outmail-intake"),
                Place.of("JMX", ManagedBeans.read(worker.pid()), "kafka.consumer", "canary-worker"),
                Place.of("metrics", get(port, "/metrics"), "outmail_outcomes_total"),
                Place.of("health", get(port, "/health/ready"), "settings read"),
                Place.of("command line", Files.readString(process.resolve("cmdline")), "worker"),
                Place.of("environment", Files.readString(process.resolve("environ")), "PATH="),
                Place.of("settings", run("settings", "show", "--json"), "om1.k1."),
                Place.of("settings shown", run("settings", "show"), "sealed (key k1)"),
                Place.of("history", run("settings", "history", "--json"), "\"changed\""),
                Place.of("mailing log", run("log", "--json"), "login-failed", "535 5.7.8"),
                Place.of(
                        "topics",
                        allRecords(),
                        "om1.k1.",
                        "in the event",
                        "login-failed",
                        "535 5.7.8 refused: AUTH PLAIN ***"),
                Place.of("segments", segments(), "om1.k1.", "in the event"),
                // last, as all that is said is in it
                Place.of(
                        "worker's log",
                        worker.output(),
                        "DEBUG org.apache.kafka",
                        "EHLO canary-worker.example",
                        "535 5.7.8 refused: AUTH PLAIN ***"));
    }

    private static String heard(ScriptedSmtpServer server) {
        return server.heard().stream().map(Heard::line).collect(Collectors.joining("\n"));
    }

    private static String jcmd(ExternalProgram worker, String... what) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(worker.pid()));
        command.addAll(List.of(what));
        try (var jcmd = ExternalProgram.start(command, Map.of())) {
            jcmd.awaitExit(PATIENCE);
            return jcmd.output();
        }
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + port + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private static KafkaClients clients() {
        return new KafkaClients(Map.of("bootstrap.servers", OUTMAIL.up().kafka()), "canary");
    }

    private static String allRecords() throws Exception {
        try (var admin = clients().admin()) {
            return admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .map(SecretCanaryIT::records)
                    .collect(Collectors.joining("\n"));
        }
    }

    /// What the broker has on its disk of these topics, but for indexes, which have offsets only
    /// and are mostly empty.
    private static String segments() throws IOException {
        var content = new StringBuilder();
        try (var files = Files.walk(OUTMAIL.folder().resolve("data"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains("/" + PREFIX) && !file.toString().endsWith("index")) {
                    content.append(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content.toString();
    }

    /// All bytes of a topic's records, a character each.
    private static String records(String topic) {
        try (var consumer = clients().consumer("canary", Map.of("fetch.max.wait.ms", "20"))) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var content = new StringBuilder();
            Await.until(
                    PATIENCE,
                    () -> {
                        for (var record : consumer.poll(Duration.ofMillis(50))) {
                            append(content, record);
                        }
                        return ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    },
                    "the end of " + topic);
            return content.toString();
        }
    }

    private static void append(StringBuilder content, ConsumerRecord<byte[], byte[]> record) {
        append(content, record.key());
        append(content, record.value());
        record.headers()
                .forEach(header -> {
                    content.append(header.key()).append('\n');
                    append(content, header.value());
                });
    }

    private static void append(StringBuilder content, byte @Nullable [] bytes) {
        if (bytes != null) {
            content.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
        }
    }

    // the search

    /// The forms of the password, and of the key that it is sealed with, that are in a text.
    private List<String> found(String content) {
        var forms = new ArrayList<>(base64Of(password));
        forms.add(password);
        forms.add(key.substring("k1:".length()));
        return forms.stream().filter(content::contains).toList();
    }

    /// What base64 makes of it after any number of bytes, such as `\0user\0`, without the
    /// characters that what is before and after it has a part in.
    private static List<String> base64Of(String secret) {
        var forms = new ArrayList<String>();
        for (int before = 0; before < 3; before++) {
            byte[] bytes = ("x".repeat(before) + secret).getBytes(StandardCharsets.US_ASCII);
            var base64 = Base64.getEncoder().encodeToString(bytes);
            int mixed = before == 0 ? 0 : before + 1;
            forms.add(base64.substring(mixed, bytes.length * Byte.SIZE / 6));
        }
        return forms;
    }
}
