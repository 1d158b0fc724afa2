package dev.outmail.bench;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Events;
import dev.outmail.bench.peer.Installation;
import dev.outmail.bench.peer.Target;
import dev.outmail.config.Deployment;
import dev.outmail.producer.Outmail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A broker with Outmail's topics, settings that name a server, and an application that publishes;
/// workers come and go.
final class Site implements AutoCloseable {
    private final Closer closer;
    private final Path folder;
    private final BrokerProcess broker;
    private final Deployment deployment;
    private final Outmail application;
    private final int smtpPort;

    private Site(
            Closer closer,
            Path folder,
            BrokerProcess broker,
            Deployment deployment,
            Outmail application,
            int smtpPort) {
        this.smtpPort = smtpPort;
        this.closer = closer;
        this.folder = folder;
        this.broker = broker;
        this.deployment = deployment;
        this.application = application;
    }

    /// Sets it up.
    ///
    /// @param smtpPort of a server on loopback
    static Site start(int smtpPort) throws IOException, InterruptedException {
        var closer = new Closer();
        try {
            var folder = closer.add(Folder.create()).path();
            var broker = closer.add(BrokerProcess.start(folder));
            var kafka = broker.servers();
            var deployment = Installation.deployment(kafka, Map.of());
            Installation.prepare(deployment, new Target(Sink.HOST, smtpPort, 10, kafka).server());
            var application = closer.add(Outmail.connect(deployment));
            return new Site(closer, folder, broker, deployment, application, smtpPort);
        } catch (IOException | InterruptedException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    Deployment deployment() {
        return deployment;
    }

    BrokerProcess broker() {
        return broker;
    }

    /// Lets all workers together have so many connections; before, they have 10.
    void allowConnections(int count) {
        Installation.deliverTo(
                deployment, new Target(Sink.HOST, smtpPort, count, broker.servers()).server());
    }

    WorkerProcess startWorker(String name, String heap) throws IOException {
        return WorkerProcess.start(name, heap, broker.servers(), folder);
    }

    /// Publishes mails and returns when Kafka has them.
    void publish(LetterSize size, int count) throws InterruptedException {
        Events.publish(application, new Batch(size, count));
    }

    Outmail application() {
        return application;
    }

    @Override
    public void close() throws IOException {
        closer.close();
    }
}
