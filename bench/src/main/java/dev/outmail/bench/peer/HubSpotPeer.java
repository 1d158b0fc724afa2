package dev.outmail.bench.peer;

import com.hubspot.smtp.client.SmtpClientResponse;
import com.hubspot.smtp.client.SmtpSession;
import com.hubspot.smtp.client.SmtpSessionConfig;
import com.hubspot.smtp.client.SmtpSessionFactory;
import com.hubspot.smtp.client.SmtpSessionFactoryConfig;
import com.hubspot.smtp.messages.MessageContent;
import com.hubspot.smtp.messages.MessageContentEncoding;
import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.smtp.DefaultSmtpRequest;
import io.netty.handler.codec.smtp.SmtpCommand;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// HubSpot's NioSmtpClient, which pipelines the envelope. It composes nothing: jakarta.mail does,
/// with its look-ups fixed.
final class HubSpotPeer implements Peer {
    private final Target target;
    private final Session session = JakartaMail.session();
    private final SmtpSessionFactory factory;

    HubSpotPeer(Target target) {
        this.target = target;
        JakartaMail.fixLookUps();
        this.factory = new SmtpSessionFactory(SmtpSessionFactoryConfig.nonProductionConfig());
    }

    @Override
    public void send(Batch batch) throws Exception {
        Crew.platform(target.connections(), () -> sendOnOneConnection(batch));
    }

    private void sendOnOneConnection(Batch batch) throws MessagingException, IOException {
        var greeting =
                factory.connect(SmtpSessionConfig.forRemoteAddress(target.host(), target.port()))
                        .join();
        var connection = greeting.getSession();
        requireDone(
                connection
                        .send(new DefaultSmtpRequest(SmtpCommand.EHLO, "bench.localhost"))
                        .join());
        for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
            send(connection, letter.get());
        }
        requireDone(connection.send(new DefaultSmtpRequest(SmtpCommand.QUIT)).join());
        connection.close().join();
    }

    private void send(SmtpSession connection, Letter letter)
            throws MessagingException, IOException {
        var message = JakartaMail.compose(session, letter);
        var bytes = new ByteArrayOutputStream(4_096);
        message.writeTo(bytes);
        var content =
                MessageContent.of(
                        Unpooled.wrappedBuffer(bytes.toByteArray()),
                        MessageContentEncoding.SEVEN_BIT);
        requireDone(connection.send("projects@example.com", letter.to(), content).join());
    }

    private static void requireDone(SmtpClientResponse response) {
        if (response.containsError()) {
            throw new IllegalStateException(response.toString());
        }
    }

    @Override
    public void close() throws IOException {
        factory.close();
    }
}
