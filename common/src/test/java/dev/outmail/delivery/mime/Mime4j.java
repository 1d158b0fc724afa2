package dev.outmail.delivery.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.address.AddressList;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.util.MimeUtil;
import org.jspecify.annotations.Nullable;

/// Apache James Mime4j as the second reader, which shares no code with the first.
final class Mime4j {
    private Mime4j() {}

    static ReadMail read(byte[] bytes, Set<String> custom) throws IOException {
        var builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        var message = builder.parseMessage(new ByteArrayInputStream(bytes));
        var texts = new ArrayList<String>();
        var files = new ArrayList<ReadMail.File>();
        String structure = structure(message, texts, files);
        var fields = new LinkedHashMap<String, String>();
        for (String name : custom) {
            var field = Objects.requireNonNull(message.getHeader().getField(name), name);
            fields.put(
                    name,
                    DecoderUtil.decodeEncodedWords(
                            MimeUtil.unfold(field.getBody()).strip(), StandardCharsets.UTF_8));
        }
        return new ReadMail(
                Objects.requireNonNull(message.getSubject(), "no subject"),
                from(message),
                addresses(message.getTo()),
                addresses(message.getCc()),
                addresses(message.getReplyTo()),
                fields,
                structure,
                texts,
                files);
    }

    private static List<String> from(Message message) {
        return message.getFrom().stream().map(Mime4j::shown).toList();
    }

    private static List<String> addresses(@Nullable AddressList list) {
        return list == null ? List.of() : list.flatten().stream().map(Mime4j::shown).toList();
    }

    private static String shown(Mailbox mailbox) {
        String localPart = mailbox.getLocalPart();
        if (localPart.contains(" ")) { // Mime4j took the quotes away
            localPart = '"' + localPart.replace("\"", "\\\"") + '"';
        }
        return ReadMail.shown(mailbox.getName(), localPart + "@" + mailbox.getDomain());
    }

    private static String structure(Entity part, List<String> texts, List<ReadMail.File> files)
            throws IOException {
        if (part.getBody() instanceof Multipart multipart) {
            var parts = new ArrayList<String>();
            for (var child : multipart.getBodyParts()) {
                parts.add(structure(child, texts, files));
            }
            return multipart.getSubType() + "(" + String.join(",", parts) + ")";
        }
        byte[] content = ((SingleBody) part.getBody()).getInputStream().readAllBytes();
        String type = part.getMimeType();
        @Nullable String disposition = part.getDispositionType();
        if (disposition == null) {
            texts.add(new String(content, StandardCharsets.UTF_8));
        } else {
            var id = part.getHeader().getField("Content-ID");
            files.add(
                    ReadMail.File.of(
                            Objects.requireNonNull(part.getFilename(), "no file name"),
                            type,
                            disposition,
                            id == null ? null : id.getBody().strip().replaceAll("^<|>$", ""),
                            content));
        }
        return type;
    }
}
