package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Vert.x mail client with its pool and pipelining.
final class VertxPeer implements Peer {
    private static final int WAITING_PER_CONNECTION = 4;

    private final Target target;
    private final Vertx vertx = Vertx.vertx();
    private @Nullable MailClient client;

    VertxPeer(Target target) {
        this.target = target;
    }

    @Override
    public void send(Batch batch) throws Exception {
        var current = Objects.requireNonNullElseGet(client, this::connect);
        client = current;
        int outstanding = target.connections() * WAITING_PER_CONNECTION;
        var permits = new Semaphore(outstanding);
        var failure = new AtomicReference<@Nullable Throwable>();
        for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
            permits.acquire();
            requireNone(failure.get());
            current.sendMail(compose(letter.get()))
                    .onComplete(ended -> {
                        if (ended.failed()) {
                            failure.set(ended.cause());
                        }
                        permits.release();
                    });
        }
        permits.acquire(outstanding);
        requireNone(failure.get());
    }

    private static void requireNone(@Nullable Throwable failure) {
        if (failure != null) {
            throw new IllegalStateException("a mail was not sent", failure);
        }
    }

    private MailClient connect() {
        return MailClient.create(
                vertx,
                new MailConfig(target.host(), target.port())
                        .setOwnHostname("bench.localhost")
                        .setMaxPoolSize(target.connections())
                        .setKeepAlive(true)
                        .setPipelining(true));
    }

    private static MailMessage compose(Letter letter) {
        var message =
                new MailMessage(letter.from(), letter.to(), letter.subject(), letter.text())
                        .setHtml(letter.html());
        var attachment = letter.attachment();
        if (attachment != null) {
            message.setAttachment(
                    MailAttachment.create()
                            .setName(Letter.ATTACHMENT_NAME)
                            .setContentType(Letter.ATTACHMENT_TYPE)
                            .setData(Buffer.buffer(attachment)));
        }
        return message;
    }

    @Override
    public void disconnect() throws Exception {
        if (client != null) {
            client.close().toCompletionStage().toCompletableFuture().get();
            client = null;
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
