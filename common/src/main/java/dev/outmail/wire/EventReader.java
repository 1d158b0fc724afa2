package dev.outmail.wire;

import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.mail.Problem;
import dev.outmail.mail.Problems;
import dev.outmail.mail.Validation;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One document being read as an event. Its shape is judged here, all else by [MailEventBuilder].
final class EventReader {
    static final List<String> FIELDS =
            List.of(
                    "id",
                    "source",
                    "type",
                    "profile",
                    "from",
                    "to",
                    "cc",
                    "bcc",
                    "replyTo",
                    "subject",
                    "text",
                    "html",
                    "attachments",
                    "headers",
                    "conversation",
                    "message",
                    "messageBase64",
                    "sendAt",
                    "expiresAt",
                    "onDoubt",
                    "metadata");
    static final List<String> ATTACHMENT_FIELDS =
            List.of("name", "contentType", "content", "contentId");
    static final int MAX_INSTANT = 50;
    private static final String A_CLOUD_EVENT =
            "give the record the header content-type: application/cloudevents+json";

    private final byte[] document;
    private final JsonParser parser;
    private final Problems problems = new Problems();
    private final StrictReader reader;
    private final MailEventBuilder event = MailEvent.builder();
    private final CloudEvent cloudEvent;
    private String source = MailEvent.DEFAULT_SOURCE;
    private @Nullable String id;
    private boolean hasMessage;

    /// @param cloudEvent what counts for the event beside the document, and before it
    EventReader(byte[] document, JsonParser parser, CloudEvent cloudEvent) {
        this.document = document;
        this.parser = parser;
        this.cloudEvent = cloudEvent;
        this.reader = new StrictReader(parser, problems);
    }

    Decoded read(EventLimits limits) {
        take(cloudEvent);
        if (!readDocument()) {
            return malformed();
        }
        return switch (event.validate()) {
            case Validation.Valid valid -> {
                limits.checkRecipients(valid.event(), problems);
                yield problems.isEmpty()
                        ? new Decoded.Ok(valid.event(), cloudEvent.trace())
                        : malformed();
            }
            case Validation.Invalid invalid -> {
                var all = new ArrayList<>(problems.list());
                invalid.problems().stream().filter(this::isNews).forEach(all::add);
                yield new Decoded.Malformed(eventId(), all);
            }
        };
    }

    /// Whether it could be read to its end, whatever it said.
    private boolean readDocument() {
        try {
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                problems.add("event", "it is null", "publish one JSON object");
                return false;
            }
            reader.object("event", this::property);
            if (reader.misread("event")) {
                return false;
            }
            if (parser.nextToken() != null) {
                problems.add("event", "something follows its end", "publish one event a record");
            }
            return true;
        } catch (JacksonException e) {
            problems.add(reader.broken(e, "publish one JSON object (RFC 8259) in UTF-8"));
            return false;
        }
    }

    private void property(String name) {
        switch (name) {
            case "id" -> string(name, this::id);
            case "source" -> string(name, this::source);
            case "type" -> string(name, this::type);
            case "profile" -> string(name, event::profile);
            case "from" -> string(name, event::from);
            case "to" -> event.to(reader.strings(name));
            case "cc" -> event.cc(reader.strings(name));
            case "bcc" -> event.bcc(reader.strings(name));
            case "replyTo" -> event.replyTo(reader.strings(name));
            case "subject" -> string(name, event::subject);
            case "text" -> string(name, event::text);
            case "html" -> string(name, event::html);
            case "attachments" -> reader.array(name, "an array of objects", this::attachment);
            case "headers" -> reader.object(name, this::header);
            case "conversation" -> string(name, event::conversation);
            case "message" -> string(name, this::message);
            case "messageBase64" -> message(content(name));
            case "sendAt" -> instant(name, event::sendAt);
            case "expiresAt" -> instant(name, this::expiresAt);
            case "onDoubt" -> string(name, this::onDoubt);
            case "metadata" -> metadata();
            case "specversion" -> {
                reader.misread(name, "it is a CloudEvent's, not an event's", A_CLOUD_EVENT);
                parser.skipChildren();
            }
            default -> reader.unknown(name, name, FIELDS, "free data goes into 'metadata'");
        }
    }

    private void string(String field, Consumer<String> taker) {
        String string = reader.string(field);
        if (string != null) {
            taker.accept(string);
        }
    }

    private void take(CloudEvent cloudEvent) {
        cloudEvent.problems().forEach(reader::misread);
        take(cloudEvent.id(), this::id);
        take(cloudEvent.source(), this::source);
        take(cloudEvent.type(), this::type);
        take(cloudEvent.expiresAt(), this::expiresAt);
    }

    private static <T> void take(@Nullable T given, Consumer<T> taker) {
        if (given != null) {
            taker.accept(given);
        }
    }

    private void id(String written) {
        if (agrees("id", written, cloudEvent.id())) {
            id = written;
            event.id(written);
        }
    }

    private void source(String written) {
        if (agrees("source", written, cloudEvent.source())) {
            source = written;
            event.source(written);
        }
    }

    private void type(String written) {
        if (agrees("type", written, cloudEvent.type())) {
            event.type(written);
        }
    }

    private void expiresAt(Instant written) {
        if (agrees("expiresAt", written, cloudEvent.expiresAt())) {
            event.expiresAt(written);
        }
    }

    /// Whether the document says the same as the CloudEvent, if that says anything.
    private boolean agrees(String field, Object written, @Nullable Object given) {
        if (given == null || given.equals(written)) {
            return true;
        }
        reader.misread(
                field,
                Problem.shown(written.toString())
                        + " is not what the CloudEvent says, "
                        + Problem.shown(given.toString()),
                "leave it out of the data, or write the same");
        return false;
    }

    private void message(String written) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(written)) {
            reader.misread(
                    "message", "it holds half of a surrogate pair", "write it in UTF-8 (RFC 3629)");
            return;
        }
        message(written.getBytes(StandardCharsets.UTF_8));
    }

    private void message(byte @Nullable [] written) {
        if (written == null) {
            return;
        }
        if (hasMessage) {
            reader.misread(
                    "message", "it is given in 'messageBase64' as well", "give one of the two");
        }
        hasMessage = true;
        event.message(written);
    }

    private void header(String name) {
        string("headers." + name, value -> event.header(name, value));
    }

    private void instant(String field, Consumer<Instant> taker) {
        string(
                field,
                written -> {
                    try {
                        if (written.length() <= MAX_INSTANT) {
                            taker.accept(Instant.parse(written));
                            return;
                        }
                    } catch (DateTimeException e) {
                        // the same as too long
                    }
                    reader.misread(
                            field,
                            Problem.shown(written) + " is no instant",
                            "write it as 2026-11-22T09:00:00Z or with an offset, …+01:00");
                });
    }

    private void onDoubt(String written) {
        switch (written) {
            case "resend" -> event.onDoubt(OnDoubt.RESEND);
            case "hold" -> event.onDoubt(OnDoubt.HOLD);
            default ->
                    reader.misread(
                            "onDoubt",
                            Problem.shown(written) + " is no answer to a doubt",
                            "write resend (at least once) or hold (at most once)");
        }
    }

    private void attachment(String place) {
        var file = new FileFields();
        reader.object(place, name -> attachmentProperty(place, name, file));
        if (!reader.misread(place)) {
            event.attachment(file.name, file.contentType, file.content, file.contentId);
        }
    }

    private void attachmentProperty(String place, String name, FileFields file) {
        String field = place + "." + name;
        switch (name) {
            case "name" -> file.name = reader.string(field);
            case "contentType" -> file.contentType = reader.string(field);
            case "contentId" -> file.contentId = reader.string(field);
            case "content" -> file.content = content(field);
            default ->
                    reader.unknown(field, name, ATTACHMENT_FIELDS, "an attachment has no others");
        }
    }

    private byte @Nullable [] content(String field) {
        String base64 = "use the standard alphabet, padding, and no line breaks (RFC 4648 §4)";
        if (!reader.is(JsonToken.VALUE_STRING, field, "a string of base64", base64)) {
            return null;
        }
        byte[] content = Base64Value.read(parser, document);
        if (content == null) {
            reader.misread(field, "no base64", base64);
        }
        return content;
    }

    private void metadata() {
        if (reader.is(JsonToken.START_OBJECT, "metadata", "an object", "write it as {…}")) {
            Map<?, ?> values = parser.readValueAs(Map.class);
            values.forEach((key, value) -> event.metadata((String) key, value));
        }
    }

    /// Whether a problem is more than the consequence of a value that could not be read.
    private boolean isNews(Problem problem) {
        return switch (problem.field()) {
            case "to" -> !reader.misread("to") && !reader.misread("cc") && !reader.misread("bcc");
            case "text" ->
                    !reader.misread("text") && !reader.misread("html") && !isMessageMisread();
            case "subject" -> !reader.misread("subject") && !isMessageMisread();
            default -> !reader.misread(problem.field());
        };
    }

    private boolean isMessageMisread() {
        return reader.misread("message") || reader.misread("messageBase64");
    }

    private Decoded malformed() {
        return new Decoded.Malformed(eventId(), problems.list());
    }

    private @Nullable EventId eventId() {
        if (id == null) {
            return null;
        }
        try {
            return new EventId(source, id);
        } catch (InvalidMailEvent e) {
            return null;
        }
    }

    private static final class FileFields {
        @Nullable String name;
        @Nullable String contentType;
        byte @Nullable [] content;
        @Nullable String contentId;
    }
}
