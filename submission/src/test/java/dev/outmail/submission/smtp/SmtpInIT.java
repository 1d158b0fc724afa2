package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Mail of clients that others wrote gets to Kafka.
@Timeout(60)
class SmtpInIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeEach
    void topics() throws InterruptedException {
        var admin = new TopicAdmin(KAFKA.admin());
        var specs = new Topics(KAFKA.prefix()).specs(2, EventLimits.DEFAULT.maxBytes());
        admin.apply(admin.compare(specs), Optional.empty());
    }

    private static Deployment deployment(Map<String, String> more) {
        var all =
                new HashMap<>(
                        Map.of(
                                "kafka.bootstrap.servers", KAFKA.bootstrapServers(),
                                "kafka.fetch.max.wait.ms", "50",
                                "topics.prefix", KAFKA.prefix(),
                                "smtp.localhost", "mx.example",
                                "smtp-in.port", "0",
                                "http.address", "127.0.0.1",
                                "http.port", "0"));
        all.putAll(more);
        return DeploymentReader.read(all, Map.of());
    }

    private static List<MailEvent> events() {
        var codec = new EventCodec(deployment(Map.of()).limits());
        return KAFKA.readAll(KAFKA.topic("events")).stream()
                .map(record -> codec.decode(record.value()))
                .map(decoded -> ((Decoded.Ok) decoded).event())
                .toList();
    }

    private static String text(MailEvent event) {
        return new String(
                ((MailEvent.Finished) event.content()).message().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aMessageIsAnEventAndSaidAgainItIsTheSame() throws Exception {
        var message =
                Talk.lines("Message-ID: <1@app.example>", "X-Outmail-Type: alarm")
                        .concat(Talk.MESSAGE);
        try (var smtpIn = SmtpIn.start(deployment(Map.of("smtp-in.source", "/legacy")));
                var talk = new Talk(smtpIn.port())) {
            talk.begin();
            for (int i = 0; i < 2; i++) {
                talk.envelope().data().say(message + ".\r\n");
                assertThat(talk.reply())
                        .matches(
                                "250 2\\.0\\.0 Queued as 1@app.example/\\S+ at \\S+events \\d@\\d");
            }

            assertThat(events()).hasSize(2);
            assertThat(events().getFirst().id()).isEqualTo(events().getLast().id());
            assertThat(events().getFirst().id().source()).isEqualTo("/legacy");
            assertThat(text(events().getFirst()))
                    .startsWith("Received: from test.example")
                    .contains("From: a@example.com")
                    .doesNotContain("X-Outmail");
            assertThat(get(smtpIn, "/health/ready").body()).contains("\"status\":\"up\"");
            assertThat(get(smtpIn, "/metrics").body())
                    .contains("outmail_smtp_in_messages_total{result=\"accepted\"} 2");
        }
    }

    private static HttpResponse<String> get(SmtpIn smtpIn, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + smtpIn.httpPort() + path);
            return http.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void pythonsSmtplibIsServed(@TempDir Path folder) throws Exception {
        var python = ExternalProgram.assumeInstalled("python3", "python3");
        var script = folder.resolve("send.py");
        Files.writeString(
                script,
                """
                import smtplib, sys
                from email.message import EmailMessage
                m = EmailMessage()
                m['From'], m['To'], m['Subject'] = 'a@example.com', 'Ada <ada@example.org>', 'Grüße'
                m.set_content('Schöne Grüße\\n.\\n..\\nEnde\\n')
                m.add_attachment(bytes(range(256)), maintype='application', subtype='octet-stream', filename='x.bin')
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as s:
                    s.send_message(m)
                    refused = s.sendmail('a@example.com', ['bob@example.org', 'nobody@'], 'From: a@example.com\\n\\nHi\\n')
                    print('refused', refused)
                """);
        try (var smtpIn = SmtpIn.start(deployment(Map.of()))) {
            try (var run = ExternalProgram.start(python, script.toString(), "" + smtpIn.port())) {
                assertThat(run.awaitExit(PATIENCE)).as(run.output()).isZero();
                assertThat(run.output())
                        .contains("refused {'nobody@': (550, b")
                        .contains("5.1.3 Recipient");
            }
        }
        assertThat(events())
                .hasSize(2)
                .anyMatch(event -> text(event).contains("\r\n.\r\n..\r\nEnde\r\n"));
    }

    @Test
    void swaksIsServedWithTlsAndLogin(@TempDir Path folder) throws Exception {
        var swaks = ExternalProgram.assumeInstalled("swaks", "swaks");
        var certificate = folder.resolve("chain.pem");
        var key = folder.resolve("key.pem");
        TestCertificates.writePem(certificate, key, Identity.GOOD);
        // as htpasswd -B does
        var hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(5, "right".toCharArray());
        var users = Files.writeString(folder.resolve("users"), "app:" + hash + "\n");
        var keys =
                Map.of(
                        "smtp-in.tls.certificate", certificate.toString(),
                        "smtp-in.tls.key", key.toString(),
                        "smtp-in.users", users.toString(),
                        "smtp-in.networks", "");
        try (var smtpIn = SmtpIn.start(deployment(keys));
                var run =
                        ExternalProgram.start(
                                swaks,
                                "--server",
                                "127.0.0.1:" + smtpIn.port(),
                                "--from",
                                "a@example.com",
                                "--to",
                                "ada@example.org,bob@example.org",
                                "--pipeline",
                                "--tls",
                                "--auth",
                                "PLAIN",
                                "--auth-user",
                                "app",
                                "--auth-password",
                                "right")) {
            assertThat(run.awaitExit(PATIENCE)).as(run.output()).isZero();
        }
        assertThat(events()).hasSize(1);
        assertThat(text(events().getFirst())).contains("with ESMTPSA;");
    }

    @Test
    void postfixsSmtpSourceIsServedByTwoBehindABalancer() throws Exception {
        var source = ExternalProgram.assumeInstalled("smtp-source", "postfix");
        try (var one = SmtpIn.start(deployment(Map.of()));
                var two = SmtpIn.start(deployment(Map.of()))) {
            var runs = new ArrayList<ExternalProgram>();
            for (var smtpIn : List.of(one, two)) {
                runs.add(
                        ExternalProgram.start(
                                source,
                                "-s",
                                "10",
                                "-m",
                                "250",
                                "-l",
                                "2000",
                                "-f",
                                "a@example.com",
                                "-t",
                                "ada@example.org",
                                "127.0.0.1:" + smtpIn.port()));
            }
            for (var run : runs) {
                assertThat(run.awaitExit(PATIENCE)).as(run.output()).isZero();
                run.close();
            }
        }
        assertThat(events()).hasSize(500);
    }

    @Test
    void withoutKafkaNothingIsPromisedAndTheClientHearsInTime() throws Exception {
        var nowhere = Map.of("kafka.bootstrap.servers", "127.0.0.1:1");
        try (var smtpIn = SmtpIn.start(deployment(nowhere));
                var talk = new Talk(smtpIn.port())) {
            talk.begin().envelope().data();
            long started = System.nanoTime();

            talk.say(Talk.MESSAGE + ".\r\n").expect("451 4.3.0");

            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(get(smtpIn, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(smtpIn, "/health/ready").body()).contains("\"degraded\"");
            Await.until(PATIENCE, () -> get(smtpIn, "/health/live").statusCode() == 200, "alive");
        }
    }
}
