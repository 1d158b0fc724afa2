package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Letter;
import jakarta.activation.CommandMap;
import jakarta.activation.DataHandler;
import jakarta.activation.MailcapCommandMap;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.util.Date;
import java.util.Properties;

/// Composing with jakarta.mail.
public final class JakartaMail {
    private static final String UTF_8 = "UTF-8";

    private JakartaMail() {}

    /// Sets, for this JVM, what jakarta.mail and activation otherwise look for in every jar of the
    /// class path, for every message.
    public static void fixLookUps() {
        System.setProperty(
                "jakarta.mail.util.StreamProvider",
                "org.eclipse.angus.mail.util.MailStreamProvider");
        System.setProperty(
                "jakarta.activation.spi.MailcapRegistryProvider",
                "org.eclipse.angus.activation.MailcapRegistryProviderImpl");
        CommandMap.setDefaultCommandMap(new MailcapCommandMap());
    }

    /// A session for composing only.
    public static Session session() {
        return Session.getInstance(new Properties());
    }

    @SuppressWarnings("JavaUtilDate") // the only one it takes
    public static MimeMessage compose(Session session, Letter letter) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(letter.from()));
        message.setRecipients(RecipientType.TO, letter.to());
        message.setSubject(letter.subject(), UTF_8);
        message.setSentDate(new Date());
        var attachment = letter.attachment();
        if (attachment == null) {
            message.setContent(alternative(letter));
        } else {
            var bodies = new MimeBodyPart();
            bodies.setContent(alternative(letter));
            message.setContent(new MimeMultipart("mixed", bodies, file(attachment)));
        }
        message.saveChanges();
        return message;
    }

    private static MimeMultipart alternative(Letter letter) throws MessagingException {
        var text = new MimeBodyPart();
        text.setText(letter.text(), UTF_8);
        var html = new MimeBodyPart();
        html.setText(letter.html(), UTF_8, "html");
        return new MimeMultipart("alternative", text, html);
    }

    private static MimeBodyPart file(byte[] content) throws MessagingException {
        var part = new MimeBodyPart();
        part.setDataHandler(
                new DataHandler(new ByteArrayDataSource(content, Letter.ATTACHMENT_TYPE)));
        part.setFileName(Letter.ATTACHMENT_NAME);
        return part;
    }
}
