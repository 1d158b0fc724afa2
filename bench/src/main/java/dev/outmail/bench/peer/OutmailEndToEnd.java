package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.producer.Outmail;
import dev.outmail.worker.Worker;
import java.io.IOException;
import java.util.Map;

/// Outmail end to end: publishes, and a worker in the same process delivers.
final class OutmailEndToEnd implements Peer {
    private final Worker worker;
    private final Outmail mail;
    private final LogEnd log;

    OutmailEndToEnd(Target target) throws IOException, InterruptedException {
        var deployment = Installation.deployment(target.kafka(), Map.of());
        Installation.prepare(deployment, target.server());
        this.worker = Worker.start(deployment);
        this.mail = Outmail.connect(deployment);
        this.log = new LogEnd(deployment);
    }

    @Override
    public void send(Batch batch) throws Exception {
        long before = log.entries();
        Events.publish(mail, batch);
        while (log.entries() < before + batch.size()) {
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        log.close();
        mail.close();
        worker.close();
    }
}
