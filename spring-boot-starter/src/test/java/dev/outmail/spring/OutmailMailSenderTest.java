package dev.outmail.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailNotAccepted;
import java.nio.charset.StandardCharsets;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.mail.autoconfigure.MailHealthContributorAutoConfiguration;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.mail.MailSendException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.transaction.support.TransactionTemplate;

/// An application that knows JavaMailSender only.
class OutmailMailSenderTest {
    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    OutmailAutoConfiguration.class,
                                    OutmailInTransactionsAutoConfiguration.class,
                                    OutmailMailSenderAutoConfiguration.class,
                                    MailSenderAutoConfiguration.class,
                                    MailHealthContributorAutoConfiguration.class))
                    .withBean("outmailNow", InMemoryOutmail.class)
                    .withPropertyValues(
                            "outmail.kafka.bootstrap.servers=127.0.0.1:1",
                            "spring.application.name=shop");

    @Test
    void aSimpleMailIsPublished() {
        application.run(context -> {
            context.getBean(JavaMailSender.class).send(simple("ada@example.org"));

            var event = inMemory(context).queued().getFirst();
            assertThat(event.id().source()).isEqualTo("/shop");
            assertThat(event.profile()).isEqualTo("default");
            assertThat(event.content().subject()).isEqualTo("Ihre Bücher");
            assertThat(event.addressing().recipients())
                    .extracting(EmailAddress::toString)
                    .containsExactly("ada@example.org");
        });
    }

    @Test
    void aMailOfSeveralPartsTravelsWhole() {
        application.run(context -> {
            var sender = context.getBean(JavaMailSender.class);
            var message = sender.createMimeMessage();
            var helper = new MimeMessageHelper(message, true);
            helper.setFrom("shop@example.com", "Büchershop");
            helper.setTo("ada@example.org");
            helper.setBcc("eve@example.org");
            helper.setSubject("Ihre Bücher");
            helper.setText("Grüß Gott", "<p>Grüß <b>Gott</b><img src='cid:logo'></p>");
            helper.addInline("logo", new ByteArrayResource(new byte[10]), "image/png");
            helper.addAttachment("rechnung.pdf", new ByteArrayResource(new byte[100]));

            sender.send(message);

            var event = inMemory(context).queued().getFirst();
            assertThat(event.addressing().recipients()).hasSize(2);
            assertThat(text(event))
                    .contains("multipart/mixed", "Content-ID: <logo>", "rechnung.pdf")
                    .contains("Message-ID: " + message.getMessageID())
                    .doesNotContain("eve@example.org");
        });
    }

    @Test
    void mailsWaitForTheCommit() {
        application.run(context -> {
            var sender = context.getBean(JavaMailSender.class);
            var mails = inMemory(context);
            var database = new JdbcDataSource();
            database.setUrl("jdbc:h2:mem:");
            var transaction = new TransactionTemplate(new DataSourceTransactionManager(database));

            transaction.executeWithoutResult(status -> {
                sender.send(simple("ada@example.org"), simple("bob@example.org"));
                assertThat(mails.queued()).isEmpty();
            });
            transaction.executeWithoutResult(status -> {
                sender.send(simple("eve@example.org"));
                status.setRollbackOnly();
            });

            assertThat(mails.queued()).hasSize(2);
        });
    }

    @Test
    void whatKafkaDoesNotTakeFailsAsSpringSays() {
        application.run(context -> {
            inMemory(context).failWith(new MailNotAccepted("Kafka is away", null));

            assertThatExceptionOfType(MailSendException.class)
                    .isThrownBy(() ->
                            context.getBean(JavaMailSender.class).send(simple("ada@example.org")))
                    .satisfies(e -> assertThat(e.getFailedMessages()).hasSize(1))
                    .withMessageContaining("Kafka is away");
        });
    }

    @Test
    void healthOfMailIsThatOfOutmail() {
        application.run(context -> {
            context.getBean(JavaMailSenderImpl.class).testConnection();
            assertThat(context).hasBean("mailHealthContributor");
        });
    }

    @Test
    void aServerOfTheApplicationsCountsUnlessItSaysOtherwise() {
        var withServer =
                application.withPropertyValues(
                        "spring.mail.host=127.0.0.1",
                        "spring.mail.properties.mail.smtp.from=bounces@example.com");

        withServer.run(context ->
                assertThat(context)
                        .hasSingleBean(JavaMailSender.class)
                        .doesNotHaveBean(OutmailMailSender.class));
        withServer
                .withPropertyValues("outmail.mail-sender.enabled=true")
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(JavaMailSender.class)
                            .hasSingleBean(OutmailMailSender.class);
                    context.getBean(JavaMailSender.class).send(simple("ada@example.org"));
                    assertThat(inMemory(context).queued().getFirst().addressing().from())
                            .hasToString("bounces@example.com");
                });
    }

    @Test
    void itBacksOffBeforeTheApplicationsOwnAndWhereItIsNotWanted() {
        application
                .withBean("own", JavaMailSenderImpl.class)
                .run(context -> assertThat(context).doesNotHaveBean(OutmailMailSender.class));
        application
                .withPropertyValues("outmail.mail-sender.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(JavaMailSender.class));
        application
                .withPropertyValues("outmail.enabled=false")
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(JavaMailSender.class));
    }

    private static SimpleMailMessage simple(String to) {
        var message = new SimpleMailMessage();
        message.setFrom("shop@example.com");
        message.setTo(to);
        message.setSubject("Ihre Bücher");
        message.setText("Grüß Gott");
        return message;
    }

    private static InMemoryOutmail inMemory(ApplicationContext context) {
        return context.getBean(InMemoryOutmail.class);
    }

    private static String text(MailEvent event) {
        return new String(
                ((MailEvent.Finished) event.content()).message().bytes(), StandardCharsets.UTF_8);
    }
}
