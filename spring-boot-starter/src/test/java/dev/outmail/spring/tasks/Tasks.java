package dev.outmail.spring.tasks;

import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class Tasks {
    private final JdbcClient database;
    private final Outmail outmail;

    Tasks(JdbcClient database, Outmail outmail) {
        this.database = database;
        this.outmail = outmail;
    }

    @Transactional
    public void assign(int task, String mailbox) {
        database.sql("INSERT INTO task (id, mailbox) VALUES (?, ?)").params(task, mailbox).update();
        outmail.send(
                MailEvent.builder()
                        .source("/projects")
                        .id("task-" + task + "-assigned")
                        .to(mailbox)
                        .subject("You have a new task")
                        .text("Task " + task + " is yours.")
                        .build());
    }
}
