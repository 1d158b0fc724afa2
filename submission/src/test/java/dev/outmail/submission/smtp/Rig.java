package dev.outmail.submission.smtp;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A listener on a port of its own, with a letterbox behind it.
final class Rig implements AutoCloseable {
    final Letterbox letterbox = new Letterbox();
    final SmtpInMeters meters;
    private final Map<Conversation, Thread> conversations = Listener.none();
    private final Listener listener;

    /// @param keys of the deployment
    Rig(Map<String, String> keys) {
        this(keys, Reception.Time.SYSTEM, new MemoryBudget(1 << 20));
    }

    Rig(Map<String, String> keys, Reception.Time time, MemoryBudget memory) {
        var all =
                new HashMap<>(
                        Map.of("kafka.bootstrap.servers", "localhost:9", "smtp-in.port", "0"));
        all.put("smtp.localhost", "mx.example");
        all.putAll(keys);
        var deployment = DeploymentReader.read(all, Map.of());
        meters = new SmtpInMeters(conversations::size, memory::left);
        try {
            listener = new Listener(reception(deployment, time, memory), conversations);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        listener.start();
    }

    private Reception reception(Deployment deployment, Reception.Time time, MemoryBudget memory)
            throws GeneralSecurityException {
        var options = deployment.smtpIn();
        return new Reception(
                options,
                deployment.smtp().localhost(),
                deployment.limits(),
                letterbox,
                options.tls().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ServerIdentity(options.tls().get())),
                options.users().map(Users::new),
                new Clients(options.limits(), TimeMeter.SYSTEM_NANOTIME),
                memory,
                meters,
                time);
    }

    int port() {
        return listener.port();
    }

    Talk connect() throws IOException {
        return new Talk(listener.port());
    }

    int open() {
        return conversations.size();
    }

    /// As a program does that is to end.
    void drain() {
        listener.close();
    }

    @Override
    public void close() {
        listener.close();
    }
}
