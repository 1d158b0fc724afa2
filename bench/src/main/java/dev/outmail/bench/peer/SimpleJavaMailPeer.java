package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;

/// Simple Java Mail with its batch module: a pool of connections, as many threads.
final class SimpleJavaMailPeer implements Peer {
    private final Target target;
    private @Nullable Mailer mailer;

    private SimpleJavaMailPeer(Target target) {
        this.target = target;
    }

    static SimpleJavaMailPeer asDocumented(Target target) {
        return new SimpleJavaMailPeer(target);
    }

    static SimpleJavaMailPeer lookUpsFixed(Target target) {
        JakartaMail.fixLookUps();
        return new SimpleJavaMailPeer(target);
    }

    @Override
    public void send(Batch batch) throws Exception {
        var current = Objects.requireNonNullElseGet(mailer, this::connect);
        mailer = current;
        Crew.platform(
                target.connections(),
                () -> {
                    for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
                        current.sendMail(compose(letter.get())).get();
                    }
                });
    }

    private Mailer connect() {
        return MailerBuilder.withSMTPServer(target.host(), target.port())
                .withTransportStrategy(TransportStrategy.SMTP)
                .withConnectionPoolCoreSize(target.connections())
                .withConnectionPoolMaxSize(target.connections())
                .buildMailer();
    }

    private static Email compose(Letter letter) {
        var email =
                EmailBuilder.startingBlank()
                        .from(letter.from())
                        .to(letter.to())
                        .withSubject(letter.subject())
                        .withPlainText(letter.text())
                        .withHTMLText(letter.html());
        var attachment = letter.attachment();
        if (attachment != null) {
            email.withAttachment(Letter.ATTACHMENT_NAME, attachment, Letter.ATTACHMENT_TYPE);
        }
        return email.buildEmail();
    }

    @Override
    public void disconnect() throws Exception {
        if (mailer != null) {
            mailer.shutdownConnectionPool().get();
            mailer = null;
        }
    }

    @Override
    public void close() {}
}
