package dev.outmail.jakarta;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.MailException;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.producer.Submission;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.eclipse.angus.mail.util.CRLFOutputStream;
import org.jspecify.annotations.Nullable;

/// The transport of the protocol `outmail`: a message is sent by the outgoing-mail settings of the
/// moment. Where they say *in the background*, it is accepted when [#sendMessage] returns, that is,
/// Kafka has it safely; where they say *instantly*, it is delivered. [#getLastReceipt()] tells
/// which.
///
/// The session's properties are `mail.outmail.` and a key of a deployment, at least
/// `mail.outmail.kafka.bootstrap.servers` unless the environment has it
/// (`OUTMAIL_KAFKA_BOOTSTRAP_SERVERS`); and `mail.outmail.source` and `mail.outmail.profile` for
/// messages that don't say. Host, port, user, password and other properties that Jakarta Mail knows
/// for each protocol are of no use. All transports of a configuration share one connection, which
/// lasts as long as the program.
public class OutmailTransport extends Transport {
    /// The session's property that an application's own [Outmail] may be put under; it is not
    /// closed.
    public static final String OUTMAIL = "mail.outmail";

    static final String SOURCE = "mail.outmail.source";
    static final String PROFILE = "mail.outmail.profile";
    static final String FROM = "mail.outmail.from";

    /// What is none of a deployment's keys.
    static final Set<String> OWN = Set.of(SOURCE, PROFILE, FROM);

    private static final String[] NOT_TO_LEAVE = {"Bcc", "Content-Length"};
    private static final Address[] NONE = {};

    private @Nullable Outmail outmail;
    private @Nullable Receipt lastReceipt;

    /// As Jakarta Mail makes transports.
    public OutmailTransport(Session session, @Nullable URLName url) {
        super(session, url);
    }

    /// What became of the last message: [Receipt.Queued] for one that is accepted for delivery in
    /// the background. Null where there was none, or it failed.
    public @Nullable Receipt getLastReceipt() {
        return lastReceipt;
    }

    /// Closes the connections that transports of this class opened, for a container that unloads
    /// applications. Transports that are connected then can't be used any more.
    ///
    /// @throws MailNotAccepted with the ids of all mails that Kafka had not confirmed
    public static void closeAll() {
        Connections.closeAll();
    }

    /// Takes hold of the connection, without waiting for Kafka to answer.
    ///
    /// @throws NotAcceptedException when no host of Kafka's has an address, as while the network is
    ///   away
    /// @throws MessagingException when the configuration is wrong
    @Override
    protected boolean protocolConnect(
            @Nullable String host, int port, @Nullable String user, @Nullable String password)
            throws MessagingException {
        if (session.getProperties().get(OUTMAIL) instanceof Outmail own) {
            outmail = own;
            return true;
        }
        try {
            outmail = Connections.of(Connections.config(session.getProperties()));
        } catch (KafkaException e) {
            throw isNowhere(e) ? nowhere(e) : unconnected(e);
        } catch (RuntimeException e) {
            throw unconnected(e);
        } catch (LinkageError e) {
            // as of a container that does not show this thread all of Kafka's client
            throw unconnected(new IllegalStateException(e.toString(), e));
        }
        return true;
    }

    private static boolean isNowhere(KafkaException failure) {
        return failure.getCause() instanceof ConfigException config
                && String.valueOf(config.getMessage()).startsWith("No resolvable bootstrap urls");
    }

    private static NotAcceptedException nowhere(KafkaException failure) {
        return new NotAcceptedException(
                new MailNotAccepted("no host of Kafka's has an address at the moment", failure),
                NONE);
    }

    private static MessagingException unconnected(RuntimeException failure) {
        return new MessagingException(
                "Outmail can't be connected to: " + failure.getMessage(), failure);
    }

    /// Sends by the settings of the moment.
    ///
    /// @throws NotAcceptedException when Kafka did not confirm in time that it has the message,
    ///   which is half a second
    /// @throws SendFailedException when the message or an address can't be sent; and when it was
    ///   delivered instantly and failed, its cause then being the [MailException] that says how
    /// @throws MessagingException when the message can't be written
    @Override
    public void sendMessage(Message message, Address[] addresses) throws MessagingException {
        lastReceipt = null;
        if (outmail == null || !isConnected()) {
            throw new IllegalStateException("not connected");
        }
        if (!(message instanceof MimeMessage mime)) {
            throw new MessagingException("only a MimeMessage can be sent");
        }
        try {
            lastReceipt = outmail.send(event(mime, recipients(addresses)));
        } catch (MailNotAccepted e) {
            throw told(new NotAcceptedException(e, addresses), message);
        } catch (MailException e) {
            throw told(InstantFailure.of(e, members(addresses, new ArrayList<>())), message);
        } catch (InvalidMailEvent e) {
            throw told(new SendFailedException(e.getMessage(), e, NONE, addresses, NONE), message);
        } catch (SendFailedException e) {
            throw told(e, message);
        }
        notifyTransportListeners(TransportEvent.MESSAGE_DELIVERED, addresses, NONE, NONE, message);
    }

    /// A failure that the listeners were told.
    private SendFailedException told(SendFailedException failure, Message message) {
        var sent = Objects.requireNonNullElse(failure.getValidSentAddresses(), NONE);
        notifyTransportListeners(
                sent.length == 0
                        ? TransportEvent.MESSAGE_NOT_DELIVERED
                        : TransportEvent.MESSAGE_PARTIALLY_DELIVERED,
                sent,
                Objects.requireNonNullElse(failure.getValidUnsentAddresses(), NONE),
                Objects.requireNonNullElse(failure.getInvalidAddresses(), NONE),
                message);
        return failure;
    }

    private MailEvent event(MimeMessage message, List<String> recipients)
            throws MessagingException {
        var submission =
                new Submission(
                        property(SOURCE, MailEvent.DEFAULT_SOURCE),
                        property(PROFILE, MailEvent.DEFAULT_PROFILE));
        return submission.event(bytes(message), sender(message), recipients);
    }

    private String property(String name, String otherwise) {
        return Objects.requireNonNullElse(session.getProperty(name), otherwise);
    }

    private static byte[] bytes(MimeMessage message) throws MessagingException {
        var bytes = new ByteArrayOutputStream();
        try {
            // as Jakarta Mail's own transport does: parts may have line ends of all kinds
            message.writeTo(new CRLFOutputStream(bytes), NOT_TO_LEAVE);
        } catch (IOException e) {
            throw new MessagingException("the message can't be written", e);
        }
        return bytes.toByteArray();
    }

    /// Of the envelope, as Jakarta Mail's own transport finds it; null for the one in From.
    private @Nullable String sender(MimeMessage message) throws MessagingException {
        if (message instanceof SMTPMessage smtp && isSaid(smtp.getEnvelopeFrom())) {
            return smtp.getEnvelopeFrom();
        }
        if (isSaid(session.getProperty(FROM))) {
            return session.getProperty(FROM);
        }
        var ofSmtp = session.getProperty("mail.smtp.from");
        return isSaid(ofSmtp) ? ofSmtp : author(message);
    }

    private static boolean isSaid(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    /// The first in From, or else the Sender, or else the session's user.
    private @Nullable String author(MimeMessage message) throws MessagingException {
        var authors = message.getFrom();
        if (authors == null || authors.length == 0) {
            var user = session.getProperty("mail.from");
            return isSaid(user) ? user : null;
        }
        boolean isTheOnlyOneInFrom = authors.length == 1 && message.getHeader("From") != null;
        return isTheOnlyOneInFrom ? null : ((InternetAddress) authors[0]).getAddress();
    }

    /// Each one's address.
    private static List<String> recipients(Address[] addresses) throws SendFailedException {
        var recipients = new ArrayList<String>();
        var invalid = new ArrayList<Address>();
        for (var one : members(addresses, invalid)) {
            try {
                recipients.add(EmailAddress.parse(one.getAddress()).toString());
            } catch (InvalidAddress e) {
                invalid.add(one);
            }
        }
        if (!invalid.isEmpty()) {
            var unsent = new ArrayList<>(List.of(addresses));
            unsent.removeAll(invalid);
            throw new SendFailedException(
                    "Invalid addresses; nothing was sent",
                    null,
                    NONE,
                    unsent.toArray(NONE),
                    invalid.toArray(NONE));
        }
        return recipients;
    }

    /// The addresses, with a group's members in its place.
    private static List<InternetAddress> members(Address[] addresses, List<Address> invalid) {
        var members = new ArrayList<InternetAddress>();
        for (var address : addresses) {
            if (address instanceof InternetAddress internet) {
                members.addAll(members(internet, invalid));
            } else {
                invalid.add(address);
            }
        }
        return members;
    }

    private static List<InternetAddress> members(InternetAddress address, List<Address> invalid) {
        try {
            var members = address.getGroup(false);
            return members == null ? List.of(address) : List.of(members);
        } catch (AddressException e) {
            invalid.add(address);
            return List.of();
        }
    }
}
