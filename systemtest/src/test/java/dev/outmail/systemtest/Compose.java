package dev.outmail.systemtest;

import dev.outmail.testkit.ExternalProgram;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// `docker-compose.yml` under a project name and on ports of its own; gone with all its data when
/// closed.
final class Compose implements AutoCloseable {
    private static final Duration TIME_TO_RUN = Duration.ofMinutes(5);
    private static final List<String> IMAGES =
            List.of(
                    "eclipse-temurin:25-jre",
                    "apache/kafka:4.3.1",
                    "axllent/mailpit:latest",
                    "prom/prometheus:latest");
    private static final Pattern TOTAL = Pattern.compile("\"total\": *(\\d+)");
    private static final Pattern COUNTED =
            Pattern.compile("mesg=(\\d+)(?!.*mesg=)", Pattern.DOTALL);

    private final List<String> command;
    private final String project = "outmail-it-" + ProcessHandle.current().pid();
    private final int kafka = freePort();
    private final int mailpit = freePort();
    private final int prometheus = freePort();
    private final int console = freePort();
    private final int smtpIn = freePort();

    private Compose(List<String> command) {
        this.command = command;
    }

    /// Ends the test as skipped where there is no Docker engine, no Compose, or an image can't be
    /// had.
    static Compose assumeCanRun() {
        var docker = ExternalProgram.assumeInstalled("docker", "docker-compose").toString();
        Assumptions.assumeTrue(
                attempt(List.of(docker, "info")).exitCode() == 0, "no Docker engine answers");
        var compose =
                Stream.of(List.of(docker, "compose"), List.of("docker-compose"))
                        .filter(Compose::runs)
                        .findFirst();
        Assumptions.assumeTrue(
                compose.isPresent(), "Compose is not installed: apt-get install docker-compose");
        for (var image : IMAGES) {
            Assumptions.assumeTrue(
                    attempt(List.of(docker, "image", "inspect", image)).exitCode() == 0
                            || attempt(List.of(docker, "pull", "-q", image)).exitCode() == 0,
                    "the image " + image + " can't be had");
        }
        return new Compose(compose.orElseThrow());
    }

    /// `docker compose …` to its end.
    String run(String... arguments) {
        var words = new ArrayList<>(command);
        words.addAll(List.of("-f", Checkout.ROOT.resolve("docker-compose.yml").toString()));
        words.addAll(List.of("-p", project));
        words.addAll(List.of(arguments));
        return succeed(words);
    }

    /// An `outmail` command outside the containers.
    OutmailCommand.Ran outmail(String... arguments) {
        return OutmailCommand.runHere("localhost:" + kafka, arguments);
    }

    /// How many containers of a service are up and healthy.
    int healthy(String service) {
        return containers(service, "health=healthy").size();
    }

    void killOneOf(String service) {
        succeed(List.of("docker", "kill", containers(service, "status=running").getFirst()));
    }

    String log(String service) {
        return run("logs", "--no-color", service);
    }

    /// The answer to a query, as JSON.
    String prometheus(String query) throws InterruptedException {
        var encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        return get(prometheus, "/api/v1/query?query=" + encoded).orElse("");
    }

    /// Hands a mail over from outside the containers, as a program without a login.
    void sendOverSmtp(MimeMessage message) throws MessagingException {
        var session = Session.getInstance(new Properties());
        try (var transport = session.getTransport("smtp")) {
            transport.connect("127.0.0.1", smtpIn, null, null);
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    /// A page of the console; nothing where nobody answers.
    Optional<String> console(String path) throws InterruptedException {
        return get(console, path);
    }

    /// How many mails Mailpit has, by its pages. A mail server without pages that stands in for it
    /// has counted in its log, which is whole when it has stopped.
    int mailsAtMailpit() throws InterruptedException {
        var pages = get(mailpit, "/api/v1/messages?limit=1");
        if (pages.isEmpty()) {
            run("stop", "-t", "1", "mailpit");
        }
        var found =
                pages.isPresent() ? TOTAL.matcher(pages.get()) : COUNTED.matcher(log("mailpit"));
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    @Override
    public void close() {
        run("down", "-v", "-t", "10");
    }

    private List<String> containers(String service, String filter) {
        return succeed(
                        List.of(
                                "docker",
                                "ps",
                                "-q",
                                "--filter",
                                "label=com.docker.compose.project=" + project,
                                "--filter",
                                "label=com.docker.compose.service=" + service,
                                "--filter",
                                filter))
                .lines()
                .toList();
    }

    private String succeed(List<String> words) {
        var ran = attempt(words, environment());
        if (ran.exitCode() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + ran);
        }
        return ran.output();
    }

    private Map<String, String> environment() {
        return Map.of(
                "DOCKERFILE", "Dockerfile.local",
                "IMAGE_TAG", "it",
                "CONSOLE_PORT", Integer.toString(console),
                "KAFKA_PORT", Integer.toString(kafka),
                "MAILPIT_PORT", Integer.toString(mailpit),
                "PROMETHEUS_PORT", Integer.toString(prometheus),
                "SMTP_IN_PORT", Integer.toString(smtpIn));
    }

    private static boolean runs(List<String> command) {
        return ExternalProgram.find(command.getFirst().replaceAll(".*/", "")).isPresent()
                && attempt(Stream.concat(command.stream(), Stream.of("version")).toList())
                                .exitCode()
                        == 0;
    }

    private static OutmailCommand.Ran attempt(List<String> words) {
        return attempt(words, Map.of());
    }

    private static OutmailCommand.Ran attempt(List<String> words, Map<String, String> environment) {
        try (var program = ExternalProgram.start(words, environment)) {
            return new OutmailCommand.Ran(program.awaitExit(TIME_TO_RUN), program.output());
        }
    }

    /// Nothing where nobody answers.
    private static Optional<String> get(int port, String path) throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return Optional.of(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
