package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Properties;

/// Angus Mail: a thread for each connection, which it keeps, composing each message.
final class AngusPeer implements Peer {
    private final Target target;
    private final Session session;

    private AngusPeer(Target target, Properties more) {
        this.target = target;
        var properties = new Properties();
        properties.putAll(more);
        properties.put("mail.smtp.localhost", "bench.localhost");
        this.session = Session.getInstance(properties);
    }

    static AngusPeer asDocumented(Target target) {
        return new AngusPeer(target, new Properties());
    }

    static AngusPeer lookUpsFixed(Target target) {
        JakartaMail.fixLookUps();
        return asDocumented(target);
    }

    /// Without Nagle's algorithm, too, which Angus leaves on.
    static AngusPeer noDelay(Target target) {
        JakartaMail.fixLookUps();
        var properties = new Properties();
        properties.put("mail.smtp.socketFactory", new NoDelaySocketFactory());
        return new AngusPeer(target, properties);
    }

    @Override
    public void send(Batch batch) throws Exception {
        Crew.platform(target.connections(), () -> sendOnOneConnection(batch));
    }

    private void sendOnOneConnection(Batch batch) throws MessagingException {
        try (var transport = session.getTransport("smtp")) {
            transport.connect(target.host(), target.port(), null, null);
            for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
                var message = JakartaMail.compose(session, letter.get());
                transport.sendMessage(message, message.getAllRecipients());
            }
        }
    }

    @Override
    public void close() {}
}
