package dev.outmail.spring.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outmail.config.Deployment;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Component
class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

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
                                "SELECT id, event FROM outbox WHERE problem IS NULL ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED")
                        .query((row, number) -> new Row(row.getLong("id"), row.getString("event")))
                        .list();
        var published = new LinkedHashMap<Long, CompletableFuture<Receipt.Queued>>();
        for (var row : rows) {
            try {
                published.put(row.id(), outmail.publish(event(row)));
            } catch (InvalidMailEvent e) {
                setAside(row, e);
            }
        }
        // A row without Kafka's answer stays, and the same event is published again.
        published.forEach((id, answer) -> {
            if (isAccepted(answer)) {
                database.sql("DELETE FROM outbox WHERE id = ?").param(id).update();
            }
        });
    }

    private static boolean isAccepted(CompletableFuture<Receipt.Queued> answer) {
        return answer.handle((receipt, failure) -> failure == null).join();
    }

    /// It would be refused each time; somebody has to look at it.
    private void setAside(Row row, InvalidMailEvent problem) {
        log.error("Row {} of the outbox is not sent; its problem says why", row.id());
        database.sql("UPDATE outbox SET problem = ? WHERE id = ?")
                .params(problem.problems().toString(), row.id())
                .update();
    }

    private MailEvent event(Row row) {
        return switch (codec.decode(row.event().getBytes(UTF_8))) {
            case Decoded.Ok ok -> ok.event();
            case Decoded.Malformed malformed -> throw new InvalidMailEvent(malformed.problems());
        };
    }
}
