package dev.outmail.spring.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outmail.config.Deployment;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Component
class Outbox {
    private final JdbcClient database;
    private final Outmail outmail;
    private final EventCodec codec;

    Outbox(JdbcClient database, @Qualifier("outmailNow") Outmail outmail, Deployment deployment) {
        this.database = database;
        this.outmail = outmail;
        this.codec = new EventCodec(deployment.limits());
    }

    /// Part of the caller's transaction: the mail is there if it commits, and only then.
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(MailEvent mail) {
        database.sql("INSERT INTO outbox (event) VALUES (?)")
                .param(new String(codec.encode(mail), UTF_8))
                .update();
    }

    private record Row(long id, String event) {}

    /// Several instances share the work: each takes rows that no other has.
    @Scheduled(fixedDelay = 1_000)
    @Transactional
    public void relay() {
        var rows =
                database.sql(
                                "SELECT id, event FROM outbox ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED")
                        .query((row, number) -> new Row(row.getLong("id"), row.getString("event")))
                        .list();
        if (rows.isEmpty()) {
            return;
        }
        // Without an answer to each of them the rows stay, and the same events are published again.
        CompletableFuture.allOf(
                        rows.stream()
                                .map(row -> outmail.publish(event(row)))
                                .toArray(CompletableFuture[]::new))
                .join();
        database.sql("DELETE FROM outbox WHERE id IN (:ids)")
                .param("ids", rows.stream().map(Row::id).toList())
                .update();
    }

    private MailEvent event(Row row) {
        return switch (codec.decode(row.event().getBytes(UTF_8))) {
            case Decoded.Ok ok -> ok.event();
            case Decoded.Malformed malformed ->
                    throw new IllegalStateException(row.id() + ": " + malformed.problems());
        };
    }
}
