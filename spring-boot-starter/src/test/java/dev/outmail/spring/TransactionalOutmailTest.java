package dev.outmail.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailInDoubt;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.spring.MailNotSent.Why;
import dev.outmail.wire.EventCodec;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionalOutmailTest {
    private final InMemoryOutmail inMemory = new InMemoryOutmail();
    private final BlockingQueue<MailNotSent> told = new LinkedBlockingQueue<>();
    private final Outmail outmail =
            new TransactionalOutmail(
                    inMemory,
                    new EventCodec(EventLimits.DEFAULT),
                    event -> told.add((MailNotSent) event));
    private final DataSourceTransactionManager transactions =
            new DataSourceTransactionManager(database());

    @Test
    void mailWaitsForTheCommit() {
        var outcomes =
                in(TransactionDefinition.PROPAGATION_REQUIRED)
                        .execute(status -> {
                            var waiting = (Receipt.AwaitsCommit) outmail.send(mail("1"));
                            var published = outmail.publish(mail("2"));
                            assertThat(inMemory.queued()).isEmpty();
                            assertThat(waiting.outcome()).isNotDone();
                            return List.<CompletableFuture<?>>of(waiting.outcome(), published);
                        });

        assertThat(inMemory.queued()).containsExactly(mail("1"), mail("2"));
        assertThat(outcomes)
                .extracting(CompletableFuture::join)
                .isEqualTo(
                        List.of(
                                new Receipt.Queued("in-memory", 0, 0),
                                new Receipt.Queued("in-memory", 0, 1)));
    }

    @Test
    void mailOfATransactionThatIsRolledBackIsForgotten() {
        var published =
                in(TransactionDefinition.PROPAGATION_REQUIRED)
                        .execute(status -> {
                            outmail.send(mail("1"));
                            status.setRollbackOnly();
                            return outmail.publish(mail("2"));
                        });

        assertThat(inMemory.queued()).isEmpty();
        assertThat(published).isCancelled();
        assertThat(told).isEmpty();
    }

    @Test
    void outsideOfTransactionsNothingWaits() {
        assertThat(outmail.send(mail("1"))).isInstanceOf(Receipt.Queued.class);
        assertThat(outmail.publish(mail("2"))).isCompleted();

        in(TransactionDefinition.PROPAGATION_SUPPORTS)
                .executeWithoutResult(status ->
                        assertThat(outmail.send(mail("3"))).isInstanceOf(Receipt.Queued.class));
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    in(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                            .executeWithoutResult(suspended -> outmail.send(mail("4")));
                    assertThat(inMemory.queued()).hasSize(4);
                });
    }

    @Test
    void deliveringNowMeansNow() {
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    outmail.deliverNow(mail("1"));
                    assertThat(inMemory.delivered()).containsExactly(mail("1"));
                });
    }

    @Test
    void whatCouldNotBePublishedIsRefusedAtOnce() {
        var recipients = IntStream.range(0, 101).mapToObj(i -> "u" + i + "@example.org").toList();
        var toMany = MailEvent.builder().id("1").to(recipients).subject("s").text("t").build();

        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    assertThatExceptionOfType(InvalidMailEvent.class)
                            .isThrownBy(() -> outmail.send(toMany));
                    assertThatExceptionOfType(InvalidMailEvent.class)
                            .isThrownBy(() -> outmail.publish(toMany));
                });
    }

    @Test
    void aTransactionOfItsOwnSendsItsMailWhateverTheOuterOneComesTo() {
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    outmail.send(mail("outer"));
                    in(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                            .executeWithoutResult(inner -> outmail.send(mail("inner")));
                    assertThat(inMemory.queued()).containsExactly(mail("inner"));
                    status.setRollbackOnly();
                });

        assertThat(inMemory.queued()).containsExactly(mail("inner"));
    }

    @Test
    void goingBackToASavepointForgetsWhatWasSentSince() {
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    outmail.send(mail("before"));
                    in(TransactionDefinition.PROPAGATION_NESTED)
                            .executeWithoutResult(nested -> outmail.send(mail("kept")));
                    in(TransactionDefinition.PROPAGATION_NESTED)
                            .executeWithoutResult(nested -> {
                                outmail.send(mail("taken back"));
                                nested.setRollbackOnly();
                            });
                    outmail.send(mail("after"));
                });

        assertThat(inMemory.queued()).containsExactly(mail("before"), mail("kept"), mail("after"));
    }

    @Test
    void whatTheApplicationDoesWithTheFutureNeitherSendsNorForgetsAMail() {
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> {
                    outmail.publish(mail("cancelled")).cancel(true);
                    in(TransactionDefinition.PROPAGATION_NESTED)
                            .executeWithoutResult(nested -> {
                                var timedOut = outmail.publish(mail("taken back"));
                                timedOut.completeExceptionally(new TimeoutException());
                                nested.setRollbackOnly();
                            });
                });

        assertThat(inMemory.queued()).containsExactly(mail("cancelled"));
    }

    @Test
    void whatListenersOfTheCommitSendIsSentToo() {
        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status ->
                        TransactionSynchronizationManager.registerSynchronization(
                                new TransactionSynchronization() {
                                    @Override
                                    public void afterCommit() {
                                        outmail.send(mail("after commit"));
                                    }

                                    @Override
                                    public void afterCompletion(int status) {
                                        outmail.send(mail("after completion"));
                                    }
                                }));

        assertThat(inMemory.queued())
                .containsExactlyInAnyOrder(mail("after commit"), mail("after completion"));
    }

    @Test
    void aFailureAfterTheCommitUndoesNothingAndIsTold() throws Exception {
        var away = new MailNotAccepted("Kafka is away", null);
        inMemory.failWith(away);

        var published =
                in(TransactionDefinition.PROPAGATION_REQUIRED)
                        .execute(status -> {
                            var waiting = (Receipt.AwaitsCommit) outmail.send(mail("1"));
                            return List.<CompletableFuture<?>>of(
                                    waiting.outcome(), outmail.publish(mail("2")));
                        });

        assertThat(published)
                .allSatisfy(one ->
                        assertThat(one)
                                .isCompletedExceptionally()
                                .satisfies(failed ->
                                        assertThat(failed.exceptionNow()).isSameAs(away)));
        assertThat(List.of(nextTold(), nextTold()))
                .containsExactlyInAnyOrder(
                        new MailNotSent(mail("1"), Why.NOT_ACCEPTED, away),
                        new MailNotSent(mail("2"), Why.NOT_ACCEPTED, away));
    }

    @Test
    void aMailThatSomeMayHaveAlreadyIsToldApartFromOneThatMayBePublishedAgain() throws Exception {
        var doubt = new MailInDoubt(Reason.UNAVAILABLE, "the connection was lost", List.of());
        inMemory.failWith(doubt);

        in(TransactionDefinition.PROPAGATION_REQUIRED)
                .executeWithoutResult(status -> outmail.send(mail("1")));

        assertThat(nextTold()).isEqualTo(new MailNotSent(mail("1"), Why.NOT_DELIVERED, doubt));
    }

    @Test
    void whereNobodyKnowsWhetherItCommittedNothingIsSentAndThatIsTold() throws Exception {
        var doubtful =
                new DataSourceTransactionManager(database()) {
                    @Override
                    protected void doCommit(DefaultTransactionStatus status) {
                        throw new TransactionSystemException("the answer was lost");
                    }
                };

        assertThatExceptionOfType(TransactionSystemException.class)
                .isThrownBy(() ->
                        new TransactionTemplate(doubtful)
                                .executeWithoutResult(status -> outmail.send(mail("1"))));

        assertThat(inMemory.queued()).isEmpty();
        var notSent = nextTold();
        assertThat(notSent.why()).isEqualTo(Why.COMMIT_UNKNOWN);
        assertThat(notSent.failure())
                .isInstanceOf(TransactionSystemException.class)
                .hasMessageContaining("nobody knows whether its transaction committed: /#1");
    }

    private MailNotSent nextTold() throws InterruptedException {
        var next = told.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private TransactionTemplate in(int propagation) {
        var template = new TransactionTemplate(transactions);
        template.setPropagationBehavior(propagation);
        return template;
    }

    private static JdbcDataSource database() {
        var database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:");
        return database;
    }

    private static MailEvent mail(String id) {
        return MailEvent.builder().id(id).to("ada@example.org").subject("s").text("t").build();
    }
}
