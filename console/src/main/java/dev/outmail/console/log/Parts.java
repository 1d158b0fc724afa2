package dev.outmail.console.log;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// What there is to see of a mail. Of a finished message it is what its first readable text and
/// HTML are, and all else as attachments, as far as the message can be read.
///
/// @param text null where there is none
/// @param html null where there is none
record Parts(@Nullable String text, @Nullable String html, List<Attachment> attachments) {
    static Parts of(MailEvent.Content content) {
        return switch (content) {
            case MailEvent.Written written ->
                    new Parts(written.text(), written.html(), written.attachments());
            case MailEvent.Finished finished -> Reader.read(finished.message());
        };
    }

    private static final class Reader {
        private static final int MAX_DEPTH = 20;
        private static final int MAX_PARTS = 200;

        /// Jakarta Mail makes all of them at once.
        private static final int MAX_PARTS_READ = 10_000;

        private final List<Attachment> attachments = new ArrayList<>();
        private @Nullable String text;
        private @Nullable String html;
        private int seen;

        static Parts read(FinishedMessage message) {
            if (mostParts(message.bytes()) > MAX_PARTS_READ) {
                return new Parts("(too many parts to be shown; see its source)", null, List.of());
            }
            var reader = new Reader();
            try {
                var session = Session.getInstance(new Properties());
                reader.part(new MimeMessage(session, new ByteArrayInputStream(message.bytes())), 0);
            } catch (MessagingException | IOException e) {
                if (reader.text == null) {
                    reader.text = "(it can't be read as MIME; see its source)";
                }
            }
            return new Parts(reader.text, reader.html, List.copyOf(reader.attachments));
        }

        /// Each part begins behind a line that begins with two hyphens.
        private static int mostParts(byte[] message) {
            int parts = 0;
            for (int i = 2; i < message.length; i++) {
                if (message[i] == '-' && message[i - 1] == '-' && message[i - 2] == '\n') {
                    parts++;
                }
            }
            return parts;
        }

        private void part(Part part, int depth) throws MessagingException, IOException {
            if (depth > MAX_DEPTH || ++seen > MAX_PARTS) {
                return;
            }
            if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
                for (int i = 0; i < parts.getCount(); i++) {
                    part(parts.getBodyPart(i), depth + 1);
                }
                return;
            }
            boolean attached = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
            if (!attached && text == null && part.isMimeType("text/plain")) {
                text = text(part);
            } else if (!attached && html == null && part.isMimeType("text/html")) {
                html = text(part);
            } else {
                attachments.add(attachment(part));
            }
        }

        private static String text(Part part) throws MessagingException, IOException {
            try {
                if (part.getContent() instanceof String written) {
                    return written;
                }
            } catch (IOException e) {
                // a character set that nobody knows
            }
            return new String(bytes(part), StandardCharsets.UTF_8);
        }

        private static byte[] bytes(Part part) throws MessagingException, IOException {
            try (var in = part.getInputStream()) {
                return in.readAllBytes();
            }
        }

        private static Attachment attachment(Part part) throws MessagingException, IOException {
            var name = part.getFileName() == null ? "" : part.getFileName();
            var type = part.getContentType().split(";", 2)[0].strip();
            var id = part.getHeader("Content-ID");
            var content = bytes(part);
            try {
                return new Attachment(name, type, content, id == null ? null : inner(id[0]));
            } catch (InvalidMailEvent e) {
                return new Attachment("", "application/octet-stream", content, null);
            }
        }

        private static String inner(String id) {
            return id.strip().replaceAll("^<|>$", "");
        }
    }
}
