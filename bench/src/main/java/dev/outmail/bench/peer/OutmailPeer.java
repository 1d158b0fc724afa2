package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import dev.outmail.delivery.Clearance;
import dev.outmail.delivery.Envelope;
import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.mime.MimeMessageWriter;
import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTransport;
import dev.outmail.settings.Secrets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Outmail's transport: events built and validated, composed, and delivered by as many virtual
/// threads as let some wait for each connection, as they do in a worker.
final class OutmailPeer implements Peer {
    private static final int DELIVERIES_PER_CONNECTION = 8;

    private final Target target;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("deadlines").daemon().factory());
    private @Nullable SmtpTransport transport;

    OutmailPeer(Target target) {
        this.target = target;
    }

    @Override
    public void send(Batch batch) throws Exception {
        var current =
                Objects.requireNonNullElseGet(
                        transport,
                        () ->
                                new SmtpTransport(
                                        target.server(),
                                        SmtpClient.of(
                                                "bench.localhost",
                                                Secrets.of(Map.of()),
                                                scheduler)));
        transport = current;
        int deliveries = target.connections() * DELIVERIES_PER_CONNECTION;
        Crew.virtual(
                deliveries,
                () -> {
                    for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
                        requireAccepted(current.deliver(compose(letter.get())));
                    }
                });
    }

    private static Outbound compose(Letter letter) {
        var event = Events.event(letter);
        var from = Objects.requireNonNull(event.addressing().from());
        var message = MimeMessageWriter.write(event, from, Instant.now());
        var envelope = new Envelope(from.address(), event.addressing().recipients());
        return new Outbound(envelope, message.bytes(), message.requiresSmtpUtf8(), Clearance.GIVEN);
    }

    private static void requireAccepted(TransportResult result) {
        boolean accepted =
                result instanceof TransportResult.Judged judged
                        && judged.verdicts().stream()
                                .allMatch(
                                        one -> one.verdict() == RecipientVerdict.Verdict.ACCEPTED);
        if (!accepted) {
            throw new IllegalStateException(result.toString());
        }
    }

    @Override
    public void disconnect() {
        Stream.ofNullable(transport).forEach(SmtpTransport::close);
        transport = null;
    }

    @Override
    public void close() {
        disconnect();
        scheduler.shutdownNow();
    }
}
