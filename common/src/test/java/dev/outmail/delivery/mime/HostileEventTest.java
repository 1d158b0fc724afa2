package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.Events.ADA;
import static dev.outmail.delivery.mime.Events.addressedTo;
import static dev.outmail.delivery.mime.Events.bytesOf;
import static dev.outmail.delivery.mime.Events.content;
import static dev.outmail.delivery.mime.Events.event;
import static dev.outmail.delivery.mime.Events.text;
import static dev.outmail.delivery.mime.Events.textOf;
import static dev.outmail.delivery.mime.Events.to;
import static dev.outmail.delivery.mime.Events.withHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Values that would end their header field and begin one of the attacker's choice. On their way
/// into a message they meet two locks, the event's records and [HeaderText]; here it counts that
/// they don't get past both, wherever they stand.
class HostileEventTest {
    private static final byte[] NOTHING = {};
    private static final List<String> LINE_ENDS =
            List.of("\r\n", "\n", "\r", "\0", "\r\n ", "\u007f", "\u000b");

    record Place(String name, Supplier<MailEvent> event) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Place> everyPlaceWithEveryLineEnd() {
        var places = new ArrayList<Place>();
        for (String end : LINE_ENDS) {
            String what = " with " + end.codePointAt(0) + "/" + end.length();
            places(end).forEach(p -> places.add(new Place(p.name() + what, p.event())));
        }
        return places;
    }

    private static List<Place> places(String end) {
        String evil = "x" + end + "Bcc: victim@example.org";
        return List.of(
                new Place("subject", () -> event(text(evil, ""))),
                new Place("subject beyond ASCII", () -> event(text("ü" + evil, ""))),
                new Place("header value", () -> withHeader("X-A", evil)),
                new Place("header value beyond ASCII", () -> withHeader("X-A", "ü" + evil)),
                new Place("header name", () -> withHeader(evil, "")),
                new Place("name", () -> named(evil)),
                new Place("name beyond ASCII", () -> named("ü" + evil)),
                new Place("local part", () -> addressed(evil, "example.org")),
                new Place("quoted local part", () -> addressed('"' + evil + '"', "a.org")),
                new Place("local part beyond ASCII", () -> addressed("ü" + end, "a.org")),
                new Place("domain", () -> addressed("ada", evil)),
                new Place("content type", () -> attached("a", "image/png" + end + "X: y", null)),
                new Place("content type parameter", () -> attached("a", "a/b; c=" + evil, null)),
                new Place("content id", () -> attached("a", "image/png", evil)));
    }

    @ParameterizedTest
    @MethodSource("everyPlaceWithEveryLineEnd")
    void noValueWithALineEndIsWritten(Place place) {
        assertThatIllegalArgumentException().isThrownBy(() -> bytesOf(place.event().get()));
    }

    @ParameterizedTest
    @FieldSource("LINE_ENDS")
    void aFileNameLosesItsLineEnds(String end) {
        String evil = "x" + end + "Bcc: victim@example.org";

        String message = textOf(attached(evil, "image/png", null));

        String cleaned = evil.replaceAll("\\p{Cntrl}", "");
        assertThat(message).contains(" filename=\"" + cleaned + "\"\r\n");
    }

    @Test
    void charactersWhoseLowByteIsALineEndAreHarmless() {
        var event = event(text("x\u560d\u560aBcc: victim@example.org", "Hi"));

        String message = new String(bytesOf(event), StandardCharsets.ISO_8859_1);

        assertThat(message).doesNotContain("\nBcc");
    }

    private static MailEvent named(String name) {
        return addressedTo(to(new Mailbox(name, ADA.address())));
    }

    private static MailEvent addressed(String localPart, String domain) {
        return addressedTo(to(Mailbox.of(new EmailAddress(localPart, domain))));
    }

    private static MailEvent attached(String name, String type, @Nullable String contentId) {
        return event(content("Hello", null, "Hi", new Attachment(name, type, NOTHING, contentId)));
    }
}
