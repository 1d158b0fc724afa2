package dev.outmail.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.MailRejected;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.event.TransportAdapter;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.junit.jupiter.api.Test;

class OutmailTransportTest {
    private final InMemoryOutmail outmail = new InMemoryOutmail();
    private final Session session = session();

    private Session session() {
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", "outmail");
        properties.setProperty("mail.transport.protocol.rfc822", "outmail");
        properties.setProperty("mail.outmail.source", "/shop");
        properties.put(OutmailTransport.OUTMAIL, outmail);
        return Session.getInstance(properties);
    }

    private MimeMessage message() throws MessagingException {
        return fill(new MimeMessage(session));
    }

    private static <M extends MimeMessage> M fill(M message) throws MessagingException {
        message.setFrom("Shop <shop@example.com>");
        message.setRecipients(Message.RecipientType.TO, "Ada <ada@example.org>");
        message.setSubject("Bücher");
        message.setText("Grüße\n.\n");
        return message;
    }

    private OutmailTransport connected() throws MessagingException {
        var transport = (OutmailTransport) session.getTransport();
        transport.connect();
        return transport;
    }

    private void send(MimeMessage message) throws MessagingException {
        message.saveChanges();
        try (var transport = connected()) {
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private MailEvent queued() {
        assertThat(outmail.queued()).hasSize(1);
        return outmail.queued().getFirst();
    }

    private String text() {
        return new String(
                ((MailEvent.Finished) queued().content()).message().bytes(),
                StandardCharsets.UTF_8);
    }

    @Test
    void aMessageTravelsAsItIsWithItsEnvelopeBesideIt() throws MessagingException {
        var message = message();
        message.setRecipients(Message.RecipientType.CC, "bob@example.org");
        message.setRecipients(Message.RecipientType.BCC, "eve@example.org");
        message.setHeader("X-Project", "42");

        send(message);

        var event = queued();
        assertThat(event.id().source()).isEqualTo("/shop");
        assertThat(event.id().id()).startsWith(message.getMessageID().replaceAll("[<>]", "") + "/");
        assertThat(event.addressing().from()).hasToString("Shop <shop@example.com>");
        assertThat(event.addressing().recipients())
                .extracting(EmailAddress::toString)
                .containsExactly("ada@example.org", "bob@example.org", "eve@example.org");
        assertThat(event.content().subject()).isEqualTo("Bücher");
        assertThat(text())
                .contains("X-Project: 42\r\n", "Cc: bob@example.org", message.getMessageID())
                .doesNotContain("eve@example.org");
    }

    @Test
    void theStaticSendFindsItToo() throws MessagingException {
        Transport.send(message());

        assertThat(queued().profile()).isEqualTo("default");
    }

    @Test
    void theHeaderSaysWhatIsParticularToTheEvent() throws MessagingException {
        var message = message();
        message.setHeader("X-Outmail-Profile", "offers");
        message.setHeader("X-Outmail-Id", "offer-7");

        send(message);

        assertThat(queued().profile()).isEqualTo("offers");
        assertThat(queued().id().id()).startsWith("offer-7/");
        assertThat(text()).doesNotContain("X-Outmail");
    }

    @Test
    void theEnvelopesSenderIsFoundWhereJakartaMailsOwnTransportFindsIt() throws MessagingException {
        session.getProperties().setProperty("mail.smtp.from", "bounces@example.com");
        send(message());
        session.getProperties().setProperty("mail.outmail.from", "returns@example.com");
        send(message());
        var smtp = fill(new SMTPMessage(session));
        smtp.setEnvelopeFrom("ada+bounce@example.com");
        send(smtp);

        assertThat(outmail.queued())
                .extracting(event -> String.valueOf(event.addressing().from()))
                .containsExactly(
                        "bounces@example.com", "returns@example.com", "ada+bounce@example.com");
    }

    @Test
    void theFirstInFromOrElseTheSenderIsTheEnvelopesSenderWhereNobodySaysOne()
            throws MessagingException {
        session.getProperties().setProperty("mail.smtp.from", "");
        var two = message();
        two.setHeader("From", "ada@example.com, bob@example.com");
        send(two);
        var nobody = message();
        nobody.removeHeader("From");
        nobody.setSender(new InternetAddress("eve@example.com"));
        send(nobody);
        nobody.removeHeader("Sender");
        session.getProperties().setProperty("mail.from", "user@example.com");
        send(nobody);

        assertThat(outmail.queued())
                .extracting(event -> String.valueOf(event.addressing().from()))
                .containsExactly("ada@example.com", "eve@example.com", "user@example.com");
    }

    @Test
    void lineEndsOfAllKindsAreTakenAsJakartaMailsOwnTransportTakesThem() throws MessagingException {
        var message = message();
        message.setText("line 1\rline 2\r\r\nline 4\nline 5");

        send(message);

        assertThat(text()).endsWith("\r\n\r\nline 1\r\nline 2\r\n\r\nline 4\r\nline 5\r\n");
    }

    @Test
    void returningMeansAcceptedAndTheReceiptAndTheListenersAreTold() throws Exception {
        BlockingQueue<TransportEvent> told = new LinkedBlockingQueue<>();
        var message = message();
        message.saveChanges();
        try (var transport = connected()) {
            transport.addTransportListener(listener(told));
            transport.sendMessage(message, message.getAllRecipients());

            assertThat(transport.getLastReceipt()).isInstanceOf(Receipt.Queued.class);
            assertThat(told.take().getType()).isEqualTo(TransportEvent.MESSAGE_DELIVERED);
        }
    }

    private static TransportAdapter listener(BlockingQueue<TransportEvent> told) {
        return new TransportAdapter() {
            @Override
            public void messageDelivered(TransportEvent event) {
                told.add(event);
            }

            @Override
            public void messageNotDelivered(TransportEvent event) {
                told.add(event);
            }

            @Override
            public void messagePartiallyDelivered(TransportEvent event) {
                told.add(event);
            }
        };
    }

    @Test
    void noAnswerOfKafkaIsAFailureOfItsOwnType() throws Exception {
        outmail.failWith(new MailNotAccepted("Kafka did not confirm the event", null));
        BlockingQueue<TransportEvent> told = new LinkedBlockingQueue<>();
        var message = message();
        message.saveChanges();
        try (var transport = connected()) {
            transport.addTransportListener(listener(told));

            var failure =
                    catchThrowableOfType(
                            NotAcceptedException.class,
                            () -> transport.sendMessage(message, message.getAllRecipients()));

            assertThat(failure).hasCauseInstanceOf(MailNotAccepted.class);
            assertThat(failure.getValidUnsentAddresses()).hasSize(1);
            assertThat(transport.getLastReceipt()).isNull();
            assertThat(told.take().getType()).isEqualTo(TransportEvent.MESSAGE_NOT_DELIVERED);
        }
    }

    @Test
    void anInstantDeliveryThatFailedSaysForWhom() throws Exception {
        outmail.failWith(
                new MailRejected(
                        Reason.UNKNOWN_RECIPIENT,
                        "unknown",
                        List.of(
                                verdict("ada", Verdict.ACCEPTED),
                                verdict("bob", Verdict.REJECTED))));
        BlockingQueue<TransportEvent> told = new LinkedBlockingQueue<>();
        var message = message();
        message.saveChanges();
        Address[] all = InternetAddress.parse("ada@Example.ORG, bob@example.org, c@example.org");
        try (var transport = connected()) {
            transport.addTransportListener(listener(told));

            var failure =
                    catchThrowableOfType(
                            SendFailedException.class, () -> transport.sendMessage(message, all));

            assertThat(failure.getValidSentAddresses()).containsExactly(all[0]);
            assertThat(failure.getInvalidAddresses()).containsExactly(all[1]);
            assertThat(failure.getValidUnsentAddresses()).containsExactly(all[2]);
            assertThat(told.take().getType()).isEqualTo(TransportEvent.MESSAGE_PARTIALLY_DELIVERED);
        }
    }

    private static RecipientVerdict verdict(String name, Verdict verdict) {
        return new RecipientVerdict(
                EmailAddress.parse(name + "@example.org"), verdict, Reason.UNKNOWN_RECIPIENT, "");
    }

    @Test
    void anAddressThatIsNoneKeepsTheMessageFromAll() throws MessagingException {
        var message = message();
        message.saveChanges();
        var sound = new InternetAddress("ada@example.org");
        var evil = new InternetAddress();
        evil.setAddress("eve@example.org>\r\nRCPT TO:<bob@example.org");
        try (var transport = connected()) {
            var failure =
                    catchThrowableOfType(
                            SendFailedException.class,
                            () -> transport.sendMessage(message, new Address[] {sound, evil}));

            assertThat(failure.getInvalidAddresses()).containsExactly(evil);
            assertThat(failure.getValidUnsentAddresses()).containsExactly(sound);
        }
        assertThat(outmail.queued()).isEmpty();
    }

    @Test
    void aGroupIsItsMembers() throws MessagingException {
        var message = message();
        message.saveChanges();
        try (var transport = connected()) {
            transport.sendMessage(
                    message,
                    InternetAddress.parseHeader("team: a@example.org, b@example.org;", false));
        }

        assertThat(queued().addressing().recipients()).hasSize(2);
    }

    @Test
    void whatTheEventCanNotBeIsToldAsAFailureToSend() throws MessagingException {
        var message = message();
        message.setHeader("X-Outmail-Send-At", "tomorrow");

        assertThatThrownBy(() -> send(message))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("X-Outmail-Send-At");
    }

    @Test
    void moreRecipientsThanAnEventMayHaveAreAFailureToSend() throws MessagingException {
        var message = message();
        for (int i = 0; i < 101; i++) {
            message.addRecipients(Message.RecipientType.BCC, "reader" + i + "@example.org");
        }

        assertThatThrownBy(() -> send(message))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("recipients");
    }

    @Test
    void nobodySendsUnconnected() throws MessagingException {
        var message = message();
        message.saveChanges();

        assertThatThrownBy(() ->
                        session.getTransport().sendMessage(message, message.getAllRecipients()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWrongConfigurationIsToldWhenConnecting() throws MessagingException {
        session.getProperties().remove(OutmailTransport.OUTMAIL);
        session.getProperties().setProperty("mail.outmail.kafka.bootstrap.servers", "localhost:1");
        session.getProperties().setProperty("mail.outmail.topics.prefx", "x.");

        assertThatThrownBy(() -> session.getTransport().connect())
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("topics.prefix");
    }

    @Test
    void whatJakartaMailKnowsForEachProtocolIsNoneOfADeploymentsKeys() {
        var properties = new Properties();
        properties.setProperty("mail.outmail.topics.prefix", "x.");
        for (var name :
                List.of("auth", "host", "timeout", "ssl.enable", "starttls.required", "class")) {
            properties.setProperty("mail.outmail." + name, "true");
        }

        assertThat(Connections.config(properties)).isEqualTo(Map.of("topics.prefix", "x."));
    }

    @Test
    void kafkaWithoutAnAddressHasNotAcceptedTheMail() throws MessagingException {
        session.getProperties().remove(OutmailTransport.OUTMAIL);
        // no name that anyone would be asked for
        session.getProperties().setProperty("mail.outmail.kafka.bootstrap.servers", "no..host:9");

        assertThatThrownBy(() -> session.getTransport().connect())
                .isInstanceOf(NotAcceptedException.class)
                .hasCauseInstanceOf(MailNotAccepted.class)
                .hasMessageContaining("has an address");
    }

    @Test
    void aContainerThatDoesNotShowKafkasClientIsAFailureToConnect() throws Exception {
        session.getProperties().remove(OutmailTransport.OUTMAIL);
        session.getProperties().setProperty("mail.outmail.kafka.bootstrap.servers", "localhost:1");
        try (var container = new WithoutKafkasClient()) {
            var transport =
                    (Transport)
                            container
                                    .loadClass(OutmailTransport.class.getName())
                                    .getConstructor(Session.class, URLName.class)
                                    .newInstance(session, null);

            assertThatThrownBy(() -> transport.connect("localhost", "ada", "secret"))
                    .isInstanceOf(MessagingException.class)
                    .hasRootCauseInstanceOf(ClassNotFoundException.class);
        }
    }

    /// Loads Outmail anew.
    private static final class WithoutKafkasClient extends URLClassLoader {
        WithoutKafkasClient() {
            super(
                    Stream.of(OutmailTransport.class, Outmail.class, MailEvent.class)
                            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                            .toArray(URL[]::new),
                    OutmailTransportTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.kafka.clients.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.outmail.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
