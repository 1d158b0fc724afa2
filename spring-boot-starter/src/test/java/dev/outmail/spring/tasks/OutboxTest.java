package dev.outmail.spring.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.config.Deployment;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import dev.outmail.spring.test.OutmailTest;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest
@OutmailTest
class OutboxTest {
    @Autowired Outbox outbox;
    @Autowired InMemoryOutmail mails;
    @Autowired JdbcClient database;
    @Autowired Deployment deployment;
    @Autowired PlatformTransactionManager transactions;

    @BeforeEach
    void empty() {
        database.sql("DELETE FROM outbox").update();
    }

    @Test
    void whatWasAddedIsPublishedByTheRelayOnce() {
        inTransaction(() -> outbox.add(mail("1")));
        assertThat(mails.queued()).isEmpty();

        outbox.relay();
        outbox.relay();

        assertThat(mails.queued()).containsExactly(mail("1"));
        assertThat(rows()).isZero();
    }

    @Test
    void whatWasRolledBackIsNotInTheOutbox() {
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> {
                    outbox.add(mail("1"));
                    status.setRollbackOnly();
                });

        assertThat(rows()).isZero();
        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> outbox.add(mail("2")));
    }

    @Test
    void whatKafkaDidNotTakeStaysAndIsPublishedAgainWithTheSameId() {
        inTransaction(() -> outbox.add(mail("1")));
        mails.failWith(new MailNotAccepted("Kafka is away", null));

        outbox.relay();
        assertThat(rows()).isOne();

        mails.failWith(null);
        outbox.relay();
        assertThat(mails.queued()).containsExactly(mail("1"));
        assertThat(rows()).isZero();
    }

    @Test
    void whatKafkaDidNotTakeHoldsUpNothingElse() {
        inTransaction(() -> List.of("1", "2", "3").forEach(id -> outbox.add(mail(id))));

        inTransaction(new Outbox(database, mailsWithout("2"), deployment)::relay);
        assertThat(mails.queued()).containsExactly(mail("1"), mail("3"));

        outbox.relay();
        assertThat(mails.queued()).containsExactly(mail("1"), mail("3"), mail("2"));
        assertThat(rows()).isZero();
    }

    /// Where an event of this id is not accepted.
    private Outmail mailsWithout(String id) {
        return (Outmail)
                Proxy.newProxyInstance(
                        Outmail.class.getClassLoader(),
                        new Class<?>[] {Outmail.class},
                        (proxy, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("publish");
                            var event = (MailEvent) arguments[0];
                            return event.id().id().equals(id)
                                    ? CompletableFuture.failedFuture(
                                            new MailNotAccepted("too large for the broker", null))
                                    : mails.publish(event);
                        });
    }

    @Test
    void aRowThatIsNoEventIsSetAsideAndHoldsUpNothing() {
        inTransaction(() -> {
            outbox.add(mail("1"));
            database.sql("INSERT INTO outbox (event) VALUES ('{\"id\": 7}')").update();
            outbox.add(mail("2"));
        });

        outbox.relay();
        outbox.relay();

        assertThat(mails.queued()).containsExactly(mail("1"), mail("2"));
        var problems = database.sql("SELECT problem FROM outbox").query(String.class).list();
        assertThat(problems).singleElement().asString().contains("id: ");
    }

    @Test
    void aRelayPassesOverWhatAnotherHas() {
        inTransaction(() -> outbox.add(mail("1")));

        inTransaction(() -> {
            var taken = database.sql("SELECT id FROM outbox FOR UPDATE").query().singleValue();
            assertThat(taken).isNotNull();
            CompletableFuture.runAsync(outbox::relay).join();
            assertThat(mails.queued()).isEmpty();
        });
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> work.run());
    }

    private int rows() {
        return database.sql("SELECT count(*) FROM outbox").query(Integer.class).single();
    }

    private static MailEvent mail(String id) {
        return MailEvent.builder().id(id).to("ada@example.org").subject("s").text("t").build();
    }
}
