package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import jakarta.mail.internet.MimeMessage;
import org.springframework.mail.javamail.JavaMailSender;

/// Spring's JavaMailSender, which opens a connection for each call: with one message, or with an
/// array of them.
final class SpringPeer implements Peer {
    private static final int ARRAY = 100;

    private final int threads;
    private final int array;
    private final JavaMailSender sender;

    private SpringPeer(Target target, int array) {
        this.threads = target.connections();
        this.array = array;
        this.sender = SpringMail.sender(target);
    }

    static SpringPeer oneByOne(Target target) {
        return new SpringPeer(target, 1);
    }

    static SpringPeer arrays(Target target) {
        return new SpringPeer(target, ARRAY);
    }

    static SpringPeer arraysLookUpsFixed(Target target) {
        JakartaMail.fixLookUps();
        return arrays(target);
    }

    @Override
    public void send(Batch batch) throws Exception {
        // Arrays that would leave threads without work are smaller.
        int atMost = Math.min(array, Math.ceilDiv(batch.size(), threads));
        Crew.platform(
                threads,
                () -> {
                    for (var some = batch.next(atMost);
                            !some.isEmpty();
                            some = batch.next(atMost)) {
                        var messages = new MimeMessage[some.size()];
                        for (int i = 0; i < messages.length; i++) {
                            messages[i] = SpringMail.compose(sender, some.get(i));
                        }
                        sender.send(messages);
                    }
                });
    }

    @Override
    public void close() {}
}
