package dev.outmail.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/// As in a slice: nothing else is configured by itself.
@SpringJUnitConfig(OutmailTestTest.Slice.class)
@OutmailTest
@TestPropertySource(
        properties = {"spring.application.name=projects", "outmail.event.max-recipients=101"})
class OutmailTestTest {
    @Configuration(proxyBeanMethods = false)
    static class Slice {}

    @Autowired Outmail outmail;
    @Autowired InMemoryOutmail mails;
    @Autowired JavaMailSender sender;
    @Autowired Submission submission;

    @RepeatedTest(2)
    void eachTestBeginsWithoutMailOfOthers() {
        outmail.send(
                submission.newEvent().id("1").to("ada@example.org").subject("s").text("t").build());

        assertThat(mails.queued()).extracting(mail -> mail.id()).hasToString("[/projects#1]");
    }

    @Test
    void theApplicationsLimitsCount() {
        var readers = IntStream.range(0, 101).mapToObj(i -> "u" + i + "@example.org").toList();
        var event = submission.newEvent().id("1").to(readers).subject("s").text("t");

        outmail.send(event.build());

        assertThatExceptionOfType(InvalidMailEvent.class)
                .isThrownBy(() -> outmail.send(event.to("one.more@example.org").build()));
    }

    @Test
    void mailOfJavaMailSenderIsThereToo() {
        var message = new SimpleMailMessage();
        message.setFrom("projects@example.com");
        message.setTo("ada@example.org");
        message.setText("Hello");

        sender.send(message);

        assertThat(mails.queued()).hasSize(1);
    }
}
