package dev.outmail.delivery.mime;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A mail as its reader has it, decoded, whatever parser decoded it.
///
/// @param structure the tree of parts, such as `mixed(alternative(text/plain,text/html),image/png)`
record ReadMail(
        String subject,
        List<String> from,
        List<String> to,
        List<String> cc,
        List<String> replyTo,
        Map<String, String> custom,
        String structure,
        List<String> texts,
        List<File> files) {

    /// @param contentSum the content itself, as numbers, so that a difference can be printed
    record File(
            String name,
            String type,
            String disposition,
            @Nullable String contentId,
            int length,
            long contentSum) {
        static File of(
                String name,
                String type,
                String disposition,
                @Nullable String contentId,
                byte[] content) {
            var sum = new CRC32();
            sum.update(content);
            return new File(name, type, disposition, contentId, content.length, sum.getValue());
        }
    }

    /// What a reader must find in the message of the event.
    static ReadMail expected(MailEvent event, Mailbox from) {
        var content = (MailEvent.Written) event.content();
        var texts = new ArrayList<String>();
        var files = new ArrayList<File>();
        String structure = structure(content, texts, files);
        return new ReadMail(
                content.subject(),
                shown(List.of(from)),
                shown(event.addressing().to()),
                shown(event.addressing().cc()),
                shown(event.addressing().replyTo()),
                new LinkedHashMap<>(content.headers()),
                structure,
                texts,
                files);
    }

    /// The same with every text's lines ended by CRLF.
    ReadMail withTextInLines() {
        var lines = texts.stream().map(ReadMail::lines).toList();
        return new ReadMail(subject, from, to, cc, replyTo, custom, structure, lines, files);
    }

    static String shown(@Nullable String name, String address) {
        return (name == null || name.isEmpty() ? "" : name + " ") + "<" + address + ">";
    }

    static String lines(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        return lines.isEmpty() || lines.endsWith("\r\n") ? lines : lines + "\r\n";
    }

    private static List<String> shown(List<Mailbox> mailboxes) {
        return mailboxes.stream().map(m -> shown(m.name(), m.address().toString())).toList();
    }

    private static String structure(
            MailEvent.Written content, List<String> texts, List<File> files) {
        var shown = new ArrayList<String>();
        if (content.text() != null) {
            texts.add(lines(content.text()));
            shown.add("text/plain");
        }
        if (content.html() != null) {
            texts.add(lines(content.html()));
            var related = new ArrayList<>(List.of("text/html"));
            for (var attachment : content.attachments()) {
                if (attachment.inline()) {
                    files.add(file(attachment, "inline", attachment.contentId()));
                    related.add(type(attachment));
                }
            }
            shown.add(multipart("related", related));
        }
        var all = new ArrayList<>(List.of(multipart("alternative", shown)));
        for (var attachment : content.attachments()) {
            if (!attachment.inline() || content.html() == null) {
                files.add(file(attachment, "attachment", null));
                all.add(type(attachment));
            }
        }
        return multipart("mixed", all);
    }

    private static File file(
            Attachment attachment, String disposition, @Nullable String contentId) {
        return File.of(
                attachment.name(), type(attachment), disposition, contentId, attachment.content());
    }

    private static String type(Attachment attachment) {
        return attachment.contentType().replaceFirst(";.*", "");
    }

    static String multipart(String subtype, List<String> parts) {
        return parts.size() == 1 ? parts.get(0) : subtype + "(" + String.join(",", parts) + ")";
    }
}
