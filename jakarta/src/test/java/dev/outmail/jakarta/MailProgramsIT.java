package dev.outmail.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.worker.Worker;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mail.MailSendException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;

/// Programs that send with Jakarta Mail, told nothing but the protocol and where Kafka is.
class MailProgramsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private ScriptedSmtpServer server;
    private Deployment deployment;
    private Worker worker;

    @BeforeEach
    void prepare() throws Exception {
        server = ScriptedSmtpServer.start();
        deployment = DeploymentReader.read(configuration(), Map.of());
        try (var admin = deployment.clients("test").admin()) {
            var topics = new TopicAdmin(admin);
            var specs = deployment.topics().specs(2, deployment.limits().maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
        save(Timing.IN_BACKGROUND);
        worker = Worker.start(deployment, RetryPolicy.DEFAULT.scaled(0.001));
    }

    @AfterEach
    void end() throws Exception {
        OutmailTransport.closeAll();
        worker.close();
        server.close();
    }

    private static Map<String, String> configuration() {
        return Map.of(
                "kafka.bootstrap.servers", KAFKA.bootstrapServers(),
                "kafka.fetch.max.wait.ms", "50",
                "topics.prefix", KAFKA.prefix(),
                "worker.id", "w1",
                "http.address", "127.0.0.1",
                "http.port", "0");
    }

    private void save(Timing timing) {
        var smtp =
                new Connection.SmtpServer("localhost", server.port(), Security.NONE, null, 2, null);
        var saved =
                new SettingsStore(deployment.clients("test"), deployment.topics())
                        .update(
                                "default",
                                before -> Settings.INITIAL.withConnection(smtp).withTiming(timing));
        assertThat(saved).isInstanceOf(SettingsStore.Saved.Ok.class);
    }

    private static Properties properties() {
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", "outmail");
        configuration()
                .forEach((key, value) -> properties.setProperty("mail.outmail." + key, value));
        return properties;
    }

    private MimeMessage received(int count) throws Exception {
        Await.until(PATIENCE, () -> server.received().size() == count, count + " mails there");
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(server.received().getLast().content()));
    }

    @Test
    void springsJavaMailSender() throws Exception {
        var sender = new JavaMailSenderImpl();
        sender.setJavaMailProperties(properties());
        sender.testConnection();
        var message = sender.createMimeMessage();
        var helper = new MimeMessageHelper(message, true, "UTF-8");
        helper.setFrom("shop@example.com", "Büchershop");
        helper.setTo("ada@example.org");
        helper.setBcc("eve@example.org");
        helper.setSubject("Ihre Bücher");
        helper.setText("Guten Tag", "<p>Guten <b>Tag</b></p>");
        helper.addAttachment("rechnung.pdf", new ByteArrayResource(new byte[100_000]));
        sender.send(message);

        var received = received(1);
        assertThat(received.getSubject()).isEqualTo("Ihre Bücher");
        assertThat(received.getMessageID()).isEqualTo(message.getMessageID());
        assertThat(received.getHeader("Bcc")).isNull();
        assertThat(server.received().getLast().recipients())
                .containsExactly("<ada@example.org>", "<eve@example.org>");
        assertThat(server.received().getLast().sender()).startsWith("<shop@example.com>");
    }

    @Test
    void simpleJavaMail() throws Exception {
        var mailer = MailerBuilder.usingSession(Session.getInstance(properties())).buildMailer();
        mailer.sendMail(
                        EmailBuilder.startingBlank()
                                .from("Shop", "shop@example.com")
                                .to("Ada", "ada@example.org")
                                .withSubject("Your books")
                                .withPlainText("Hello Ada")
                                .withHTMLText("<p>Hello Ada</p>")
                                .buildEmail())
                .join();

        assertThat(received(1).getSubject()).isEqualTo("Your books");
    }

    @Test
    void deliveredInstantlyWhereTheSettingsSaySo() throws Exception {
        save(Timing.INSTANTLY);
        var sender = new JavaMailSenderImpl();
        sender.setJavaMailProperties(properties());

        sender.send(simple());

        assertThat(received(1).getSubject()).isEqualTo("Hello");
    }

    private static SimpleMailMessage simple() {
        var message = new SimpleMailMessage();
        message.setFrom("shop@example.com");
        message.setTo("ada@example.org");
        message.setSubject("Hello");
        message.setText("Hello Ada");
        return message;
    }

    @Test
    void whereKafkaIsNotTheSenderIsToldInTime() throws Exception {
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var properties = properties();
            properties.setProperty(
                    "mail.outmail.kafka.bootstrap.servers", "127.0.0.1:" + nobody.getLocalPort());
            var sender = new JavaMailSenderImpl();
            sender.setJavaMailProperties(properties);

            var failure =
                    catchThrowableOfType(MailSendException.class, () -> sender.send(simple()));

            assertThat(failure.getMessageExceptions())
                    .singleElement()
                    .isInstanceOf(NotAcceptedException.class);
        }
    }
}
