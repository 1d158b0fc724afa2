package dev.outmail.delivery.mime;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Jakarta Mail as the oracle: it reads our messages, and writes its own of the same events.
final class JakartaMail {
    private static final Session SESSION = Session.getInstance(new Properties());

    private JakartaMail() {}

    static ReadMail read(byte[] bytes, Set<String> custom) throws MessagingException, IOException {
        var message = new MimeMessage(SESSION, new ByteArrayInputStream(bytes));
        var texts = new ArrayList<String>();
        var files = new ArrayList<ReadMail.File>();
        String structure = structure(message, texts, files);
        var fields = new LinkedHashMap<String, String>();
        for (String name : custom) {
            String value = Objects.requireNonNull(message.getHeader(name, null), name);
            fields.put(name, MimeUtility.decodeText(MimeUtility.unfold(value)));
        }
        return new ReadMail(
                message.getSubject(),
                addresses(message, "From"),
                addresses(message, "To"),
                addresses(message, "Cc"),
                addresses(message, "Reply-To"),
                fields,
                structure,
                texts,
                files);
    }

    private static List<String> addresses(MimeMessage message, String field)
            throws MessagingException {
        @Nullable String value = message.getHeader(field, ",");
        var addresses = new ArrayList<String>();
        for (var address : InternetAddress.parseHeader(value == null ? "" : value, true)) {
            if (!address.isGroup()) {
                addresses.add(ReadMail.shown(address.getPersonal(), address.getAddress()));
            }
        }
        return addresses;
    }

    private static String structure(MimePart part, List<String> texts, List<ReadMail.File> files)
            throws MessagingException, IOException {
        if (part.getContent() instanceof MimeMultipart multipart) {
            var parts = new ArrayList<String>();
            for (int i = 0; i < multipart.getCount(); i++) {
                parts.add(structure((MimePart) multipart.getBodyPart(i), texts, files));
            }
            return new ContentType(multipart.getContentType()).getSubType()
                    + "("
                    + String.join(",", parts)
                    + ")";
        }
        String type = new ContentType(part.getContentType()).getBaseType();
        if (part.getDisposition() == null) {
            texts.add((String) part.getContent());
        } else {
            @Nullable String id = part.getContentID();
            files.add(
                    ReadMail.File.of(
                            Objects.requireNonNull(part.getFileName(), "no file name"),
                            type,
                            part.getDisposition(),
                            id == null ? null : id.substring(1, id.length() - 1),
                            part.getInputStream().readAllBytes()));
        }
        return type;
    }

    /// The event as Jakarta Mail composes it.
    static byte[] compose(MailEvent event, Mailbox from) throws MessagingException, IOException {
        var message = new MimeMessage(SESSION);
        var addressing = event.addressing();
        message.setFrom(address(from));
        message.setRecipients(Message.RecipientType.TO, addresses(addressing.to()));
        message.setRecipients(Message.RecipientType.CC, addresses(addressing.cc()));
        if (!addressing.replyTo().isEmpty()) {
            message.setReplyTo(addresses(addressing.replyTo()));
        }
        var content = (MailEvent.Written) event.content();
        message.setSubject(content.subject(), "UTF-8");
        for (var field : content.headers().entrySet()) {
            message.setHeader(
                    field.getKey(), MimeUtility.encodeText(field.getValue(), "UTF-8", null));
        }
        compose(content, message);
        message.saveChanges();
        var bytes = new ByteArrayOutputStream();
        message.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static void compose(MailEvent.Written content, MimeMessage message)
            throws MessagingException, IOException {
        var html = new MimeMultipart("related");
        if (content.html() != null) {
            html.addBodyPart(text(content.html(), "html"));
        }
        var all = new MimeMultipart("mixed");
        var shown = new MimeMultipart("alternative");
        for (var attachment : content.attachments()) {
            boolean inline = attachment.inline() && content.html() != null;
            (inline ? html : all).addBodyPart(file(attachment, inline));
        }
        if (content.text() != null) {
            shown.addBodyPart(text(content.text(), "plain"));
        }
        if (content.html() != null) {
            shown.addBodyPart(unwrapped(html));
        }
        all.addBodyPart(unwrapped(shown), 0);
        if (all.getCount() > 1) {
            message.setContent(all);
        } else if (all.getBodyPart(0).getContent() instanceof MimeMultipart multipart) {
            message.setContent(multipart);
        } else {
            message.setText(
                    (String) all.getBodyPart(0).getContent(),
                    "UTF-8",
                    content.html() != null ? "html" : "plain");
        }
    }

    private static MimeBodyPart unwrapped(MimeMultipart multipart) throws MessagingException {
        if (multipart.getCount() == 1) {
            return (MimeBodyPart) multipart.getBodyPart(0);
        }
        var part = new MimeBodyPart();
        part.setContent(multipart);
        return part;
    }

    private static MimeBodyPart text(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, "UTF-8", subtype);
        return part;
    }

    private static MimeBodyPart file(Attachment attachment, boolean inline)
            throws MessagingException, IOException {
        var headers = new InternetHeaders();
        headers.setHeader("Content-Type", attachment.contentType());
        headers.setHeader("Content-Transfer-Encoding", "base64");
        String encoded = Base64.getMimeEncoder().encodeToString(attachment.content());
        var part = new MimeBodyPart(headers, encoded.getBytes(StandardCharsets.US_ASCII));
        part.setDisposition(inline ? "inline" : "attachment");
        part.setFileName(attachment.name());
        if (inline) {
            part.setContentID("<" + attachment.contentId() + ">");
        }
        return part;
    }

    private static InternetAddress address(Mailbox mailbox) throws IOException {
        var address = new InternetAddress();
        address.setAddress(mailbox.address().toString());
        address.setPersonal(mailbox.name(), "UTF-8");
        return address;
    }

    private static InternetAddress[] addresses(List<Mailbox> mailboxes) throws IOException {
        var addresses = new InternetAddress[mailboxes.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = address(mailboxes.get(i));
        }
        return addresses;
    }
}
