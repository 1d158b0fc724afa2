package dev.outmail.spring.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.spring.test.OutmailTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.DuplicateKeyException;

@SpringBootTest
@OutmailTest
class TasksTest {
    @Autowired Tasks tasks;
    @Autowired InMemoryOutmail mails;

    @Test
    void whoeverGetsATaskIsToldOnceItIsSaved() {
        tasks.assign(42, "ada@example.org");

        assertThat(mails.queued())
                .extracting(MailEvent::id)
                .hasToString("[/projects#task-42-assigned]");

        assertThatExceptionOfType(DuplicateKeyException.class)
                .isThrownBy(() -> tasks.assign(42, "bob@example.org"));
        assertThat(mails.queued()).hasSize(1);
    }
}
