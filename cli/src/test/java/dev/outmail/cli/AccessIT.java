package dev.outmail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.console.Console;
import dev.outmail.kafka.Role;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// On a Kafka with TLS, passwords, certificates and ACLs each role works with what `topics acls`
/// lists for it; with less it says what is missing. Workers that lack something: [WorkerAccessIT].
class AccessIT {
    private static final Topics TOPICS = new Topics("mail.");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir static Path folder;
    private static SecuredSite site;

    @BeforeAll
    static void grantEachRoleItsList() throws Exception {
        site = SecuredSite.start(folder);
        site.users(List.of("producer", "worker", "viewer", "console", "admin"));
        site.certified("application");
        site.certified("operator");
        site.kafka()
                .allow(
                        Stream.of(Role.values())
                                .flatMap(role -> SecuredSite.bindings(user(role), role, TOPICS))
                                .toList());
        succeeds("admin", "topics apply --partitions 1");
        succeeds("operator", "settings set --connection silent --from app@example.com");
        Files.writeString(
                folder.resolve("event.json"),
                """
                {"id": "e", "to": ["ada@example.org"], "subject": "s", "text": "t"}
                """);
        somethingToRead();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static String user(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static Ran run(String user, String command) {
        var words = command.replace("EVENT", folder.resolve("event.json").toString());
        return site.run(user, TOPICS, words.split(" "));
    }

    private static String succeeds(String user, String command) {
        var ran = run(user, command);
        assertThat(ran.exitCode()).as(user + ": " + command + "\n" + ran).isZero();
        return ran.out();
    }

    private static void shows(String user, String command, String... texts) {
        Await.until(
                PATIENCE,
                () -> Stream.of(texts).allMatch(run(user, command).out()::contains),
                () -> user + ": " + command + " shows all of it: " + run(user, command));
    }

    private static MailEventBuilder mail(String id) {
        return MailEvent.builder().id(id).to("ada@example.org").subject("Hello").text("Hello");
    }

    @Test
    void withItsListEachRoleDoesItsWork() throws Exception {
        try (var worker = Worker.start(site.deployment("worker", TOPICS));
                var application = Outmail.connect(site.deployment("application", TOPICS));
                var producer = site.clients("producer").producer("test", Map.of())) {
            assertThat(worker.awaitRevision("default", 1, PATIENCE)).isTrue();
            application.publish(mail("published").build()).join();
            application
                    .publish(mail("late").expiresAt(Instant.now().minusSeconds(60)).build())
                    .join();
            assertThat(application.deliverNow(mail("instant").build()))
                    .isInstanceOf(Receipt.Silenced.class);
            application.preferences().set("ada@example.org", Timing.IN_BACKGROUND);
            producer.send(new ProducerRecord<>(TOPICS.events(), "no event".getBytes(UTF_8))).get();

            shows(
                    "viewer",
                    "log --last 100",
                    "silenced  /#published",
                    "silenced  /#instant",
                    "malformed");
            shows("viewer", "fleet", "Worker worker", "Application application");
            shows("viewer", "settings show", "silent");
            shows("viewer", "settings history", "connection");
            shows("viewer", "preferences show ada@example.org", "in-background");
            shows("viewer", "dead-letters list", "expired", "malformed");
            succeeds("operator", "dead-letters replay late --to me@example.com --yes");
            shows("viewer", "log --last 100", "me@example.com");
            shows("operator", "settings what-if --connection disabled", "dropped");
            succeeds("operator", "settings set --from other@example.com");
        }
    }

    @Test
    void withItsListTheConsoleIsReady() throws Exception {
        succeeds("console", "topics acls --check --role console");
        try (var console = Console.start(site.deployment("console", TOPICS));
                var http = HttpClient.newHttpClient()) {
            var ready = URI.create("http://127.0.0.1:" + console.port() + "/health/ready");
            var request = HttpRequest.newBuilder(ready).build();
            Await.until(
                    PATIENCE,
                    () -> {
                        try {
                            return http.send(request, BodyHandlers.ofString()).statusCode() == 200;
                        } catch (IOException | InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    },
                    "the console is ready");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "producer    | events           | WRITE |",
                "application | events           | WRITE | publish EVENT",
                "application | settings         | READ  | send EVENT",
                "application | log              | WRITE | send EVENT",
                "application | workers          | WRITE |",
                "application | preferences      | READ  | preferences show ada@example.org",
                "application | preferences      | WRITE | preferences set ada@example.org --timing instantly",
                "viewer      | log              | READ  | log",
                "viewer      | settings         | READ  | settings show",
                "viewer      | settings-history | READ  | settings history",
                "viewer      | dead-letters     | READ  | dead-letters list",
                "viewer      | workers          | READ  | fleet",
                "viewer      | preferences      | READ  | preferences show ada@example.org",
                "operator    | log              | READ  | log",
                "operator    | settings         | READ  | settings show",
                "operator    | settings         | WRITE | settings set --from b@example.com",
                "operator    | settings-history | READ  | settings history",
                "operator    | settings-history | WRITE | settings set --from b@example.com",
                "operator    | settings-writer  | WRITE | settings set --from b@example.com",
                "operator    | dead-letters     | READ  | dead-letters list",
                "operator    | dead-letters     | WRITE | dead-letters discard 0@0",
                "operator    | events           | READ  | settings what-if --connection disabled",
                "operator    | events           | WRITE | dead-letters replay 0@0 --yes",
                "operator    | workers          | READ  | fleet",
                "operator    | preferences      | READ  | preferences show ada@example.org",
                "operator    | preferences      | WRITE | preferences set ada@example.org --timing instantly",
                "console     | ''               | READ     |",
                "console     | settings         | WRITE    |",
                "console     | settings-history | WRITE    |",
                "console     | settings-writer  | WRITE    |",
                "console     | dead-letters     | WRITE    |",
                "console     | events           | WRITE    |",
                "console     | preferences      | WRITE    |",
                "console     | audit            | WRITE    |",
                "console     | workers          | DESCRIBE |",
            })
    void withoutOneOfItItIsToldWhich(
            String user, String name, AclOperation operation, String command) throws Exception {
        var role = Role.valueOf(user.toUpperCase(Locale.ROOT));
        var binding = binding(user, role, TOPICS.prefix() + name, operation);

        site.kafka().forbid(List.of(binding));
        try {
            var check = "topics acls --check --role " + user;
            shows(user, check, "missing: " + operation + " on ", TOPICS.prefix() + name);
            if (command != null) {
                var ran = run(user, command);
                assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
                assertThat(ran.out() + ran.err())
                        .contains(TOPICS.prefix() + name)
                        .doesNotContain("\tat ");
            }
        } finally {
            site.kafka().allow(List.of(binding));
        }
    }

    /// A dead letter at 0@0, an event and a preference: who may not read what there is not of it
    /// does not notice.
    private static void somethingToRead() throws Exception {
        var event = Files.readAllBytes(folder.resolve("event.json"));
        try (var producer = site.clients("root").producer("test", Map.of())) {
            producer.send(new ProducerRecord<>(TOPICS.deadLetters(), event)).get();
            producer.send(new ProducerRecord<>(TOPICS.events(), event)).get();
        }
        var set = "preferences set ada@example.org --timing in-background";
        assertThat(site.run("root", TOPICS, set.split(" ")).exitCode()).isZero();
    }

    private static AclBinding binding(String user, Role role, String name, AclOperation operation) {
        return SecuredSite.bindings(user, role, TOPICS)
                .filter(one -> one.pattern().name().equals(name))
                .filter(one -> one.entry().operation() == operation)
                .findFirst()
                .orElseThrow();
    }

    /// Rows and lists are as long: no entry is untested.
    @Test
    void eachEntryHasItsTest() throws Exception {
        var rows =
                AccessIT.class
                        .getDeclaredMethod(
                                "withoutOneOfItItIsToldWhich",
                                String.class,
                                String.class,
                                AclOperation.class,
                                String.class)
                        .getAnnotation(CsvSource.class)
                        .value();

        for (var role :
                List.of(
                        Role.PRODUCER,
                        Role.APPLICATION,
                        Role.VIEWER,
                        Role.OPERATOR,
                        Role.CONSOLE)) {
            assertThat(rows)
                    .filteredOn(row -> row.startsWith(user(role)))
                    .hasSameSizeAs(SecuredSite.bindings("", role, TOPICS).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"CREATE, mail.new-", "DESCRIBE, mail.", "ALTER_CONFIGS, mail."})
    void withoutOneOfItTopicsAreNotMade(AclOperation operation, String prefix) throws Exception {
        var binding = binding("admin", Role.ADMIN, TOPICS.prefix(), operation);
        var log = new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.log());
        var shorter =
                new AlterConfigOp(
                        new ConfigEntry("retention.ms", "1000000"), AlterConfigOp.OpType.SET);
        site.kafka().admin().incrementalAlterConfigs(Map.of(log, List.of(shorter))).all().get();

        site.kafka().forbid(List.of(binding));
        try {
            shows("admin", "topics acls --check --role admin", "missing: ", operation + " ");
            var ran = site.run("admin", new Topics(prefix), "topics", "apply");
            assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
            assertThat(ran.err()).contains(prefix, "outmail topics acls").doesNotContain("\tat ");
        } finally {
            site.kafka().allow(List.of(binding));
        }
    }

    @Test
    void whoIsNotWhoTheySayEndsAtOnceAndSaysWhy() throws Exception {
        site.login("stranger", site.kafka().byPassword("worker", "a guess"));
        site.login("nobody", site.kafka().withoutCertificate());

        for (var user : List.of("stranger", "nobody")) {
            var ran = run(user, "settings show");
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err())
                    .containsAnyOf("invalid credentials", "certificate_required")
                    .doesNotContain("\tat ");
        }
        try (var worker = Worker.start(site.deployment("stranger", TOPICS))) {
            assertThatThrownBy(worker::awaitEnd)
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }
}
