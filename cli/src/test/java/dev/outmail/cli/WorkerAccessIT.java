package dev.outmail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.Grant;
import dev.outmail.kafka.Role;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.SecuredKafka;
import dev.outmail.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers that lack one thing each of what `topics acls` lists for them: they say which, and when
/// they have it, all their mail is delivered, once.
class WorkerAccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    /// A worker's site, and what it lacks there.
    private record Lack(String user, Topics topics, Grant grant, AclOperation operation) {
        AclBinding binding() {
            return SecuredKafka.binding(user, grant.resource(), operation);
        }

        /// As readiness says it; of a prefix, one of its topics.
        String words() {
            return operation + " on " + grant.type() + " " + grant.resource().name();
        }
    }

    private static List<Lack> lacks() {
        var lacks = new ArrayList<Lack>();
        for (var grant : Role.WORKER.grants(new Topics(Topics.DEFAULT_PREFIX))) {
            for (var operation : grant.operations()) {
                var user = "w" + lacks.size();
                var topics = new Topics(user + ".");
                var same =
                        Role.WORKER.grants(topics).stream()
                                .filter(one -> isSame(one, grant))
                                .findFirst()
                                .orElseThrow();
                lacks.add(new Lack(user, topics, same, operation));
            }
        }
        return lacks;
    }

    private static boolean isSame(Grant one, Grant other) {
        return one.type().equals(other.type())
                && one.resource()
                        .name()
                        .endsWith(
                                other.resource()
                                        .name()
                                        .substring(Topics.DEFAULT_PREFIX.length() - 1));
    }

    @Test
    void itSaysWhatItLacksAndLosesNothing() throws Exception {
        var lacks = lacks();
        var workers = new ArrayList<Worker>();
        try (var site = SecuredSite.start(folder)) {
            prepare(site, lacks);
            try {
                try (var producer = site.clients("root").producer("test", Map.of())) {
                    for (var lack : lacks) {
                        workers.add(start(site, lack));
                        publish(producer, lack);
                    }
                }
                for (int i = 0; i < lacks.size(); i++) {
                    awaitTold(workers.get(i), lacks.get(i));
                }

                site.kafka().allow(lacks.stream().map(Lack::binding).toList());
                for (int i = 0; i < lacks.size(); i++) {
                    if (hasEnded(workers.get(i))) {
                        workers.get(i).close();
                        workers.set(i, start(site, lacks.get(i)));
                    }
                }

                lacks.forEach(lack -> awaitOutcomes(site, lack));
                for (var worker : workers) {
                    assertThat(get(worker, "/health/ready").statusCode()).isEqualTo(200);
                }
            } finally {
                closeAll(workers);
            }
        }
    }

    private static Worker start(SecuredSite site, Lack lack) throws IOException {
        return Worker.start(site.deployment(lack.user(), lack.topics()));
    }

    /// Each takes its time to say goodbye.
    private static void closeAll(List<Worker> workers)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var closing :
                    workers.stream().map(worker -> threads.submit(worker::close)).toList()) {
                closing.get();
            }
        }
    }

    private void awaitTold(Worker worker, Lack lack) {
        Await.until(
                PATIENCE,
                () -> told(worker, lack).contains(lack.words()),
                () -> lack.words() + " is told; " + told(worker, lack));
    }

    private boolean hasEnded(Worker worker) {
        return get(worker, "/health/live").statusCode() != 200;
    }

    private static void prepare(SecuredSite site, List<Lack> lacks) throws InterruptedException {
        site.users(lacks.stream().map(Lack::user).toList());
        site.makeTopics(lacks.stream().map(Lack::topics).toList());
        var silent = Settings.INITIAL.withConnection(new Connection.Silent());
        var granted = new ArrayList<AclBinding>();
        for (var lack : lacks) {
            SecuredSite.bindings(lack.user(), Role.WORKER, lack.topics()).forEach(granted::add);
            granted.remove(lack.binding());
            new SettingsStore(site.clients("root"), lack.topics())
                    .update(MailEvent.DEFAULT_PROFILE, before -> silent);
        }
        site.kafka().allow(granted);
    }

    /// A mail, one that has to wait, and what is none.
    private static void publish(Producer<byte[], byte[]> producer, Lack lack)
            throws InterruptedException, ExecutionException {
        var event =
                "{\"id\": \"%s\", \"from\": \"b@example.com\", \"to\": [\"a@example.org\"], \"subject\": \"s\", \"text\": \"t\"%s}";
        var later = ", \"sendAt\": \"" + Instant.now().plusSeconds(1) + "\"";
        for (var value :
                List.of(event.formatted("now", ""), event.formatted("later", later), "none")) {
            producer.send(new ProducerRecord<>(lack.topics().events(), value.getBytes(UTF_8)))
                    .get();
        }
    }

    /// What a worker says of itself; if it ended because of that, in the same words.
    private String told(Worker worker, Lack lack) {
        if (!hasEnded(worker)) {
            return get(worker, "/health/ready").body();
        }
        try {
            worker.awaitEnd();
            return "ended";
        } catch (ExecutionException e) {
            var why = String.valueOf(e.getCause());
            return why.contains("Not authorized") && why.contains(lack.grant().resource().name())
                    ? lack.words()
                    : why;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitOutcomes(SecuredSite site, Lack lack) {
        Await.until(
                PATIENCE,
                () -> outcomes(site, lack).equals(List.of("malformed", "silenced", "silenced")),
                () -> "three outcomes without " + lack.words() + "; " + outcomes(site, lack));
        assertThat(site.run("root", lack.topics(), "dead-letters", "list").out().lines())
                .as(lack.words())
                .hasSize(1);
    }

    private static List<String> outcomes(SecuredSite site, Lack lack) {
        return site.run("root", lack.topics(), "log")
                .out()
                .lines()
                .map(line -> line.split(" +")[1])
                .filter(outcome -> !outcome.equals("deferred") && !outcome.equals("held"))
                .sorted()
                .toList();
    }

    private HttpResponse<String> get(Worker worker, String path) {
        var uri = URI.create("http://127.0.0.1:" + worker.port() + path);
        try {
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
