package dev.outmail.console.log;

import dev.outmail.delivery.Decision;
import dev.outmail.delivery.Printable;
import dev.outmail.delivery.mime.MimeMessageWriter;
import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.Sender;
import dev.outmail.settings.SettingsSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// A mail as it was sent, or would have been.
///
/// @param from by the settings of now, where the event leaves it to them
/// @param forced whether they leave it to nobody else
public record Mail(
        MailEvent event, Instant acceptedAt, Optional<Mailbox> from, boolean forced, Parts parts) {
    /// Browsers don't follow these, told by the page's policy; but for some they open a connection
    /// before they look at it.
    private static final Pattern LEADING_ELSEWHERE =
            Pattern.compile(
                    "</?(meta|link|base|iframe|frame|frameset|object|embed|applet)\\b[^>]*>",
                    Pattern.CASE_INSENSITIVE);

    private static final int LARGEST_INLINE_IMAGE = 1 << 20;

    /// Beyond which no more pictures are put in.
    private static final int LARGEST_HTML = 32 << 20;

    public static Mail of(MailEvent event, Instant acceptedAt, SettingsSnapshot settings) {
        var parts = Parts.of(event.content());
        return switch (Decision.decide(event, settings, Instant.EPOCH.plusSeconds(1))) {
            case Decision.Send send ->
                    new Mail(
                            event,
                            acceptedAt,
                            Optional.of(send.from()),
                            send.isFromForced(),
                            parts);
            case Decision.Drop _, Decision.Expire _, Decision.Wait _, Decision.Hold _ ->
                    new Mail(event, acceptedAt, fallback(event, settings), false, parts);
        };
    }

    private static Optional<Mailbox> fallback(MailEvent event, SettingsSnapshot settings) {
        return Optional.ofNullable(event.addressing().from())
                .or(() ->
                        settings.profile(event.profile())
                                .flatMap(
                                        profile -> Optional.ofNullable(profile.settings().sender()))
                                .map(Sender::mailbox));
    }

    public String subject() {
        return Printable.of(event.content().subject());
    }

    public String text() {
        return Objects.requireNonNullElse(parts.text(), "");
    }

    public boolean hasHtml() {
        return parts.html() != null;
    }

    /// With the pictures that it has with it in place of their names, so that nothing is fetched.
    public String html() {
        var written = Objects.requireNonNullElse(parts.html(), "");
        var html = LEADING_ELSEWHERE.matcher(written).replaceAll("");
        for (var attachment : attachments()) {
            var id = attachment.contentId();
            if (id != null
                    && attachment.content().length <= LARGEST_INLINE_IMAGE
                    && html.length() <= LARGEST_HTML) {
                html =
                        html.replace(
                                "cid:" + id,
                                "data:"
                                        + attachment.contentType()
                                        + ";base64,"
                                        + Base64.getEncoder().encodeToString(attachment.content()));
            }
        }
        return html;
    }

    public List<Attachment> attachments() {
        return parts.attachments();
    }

    /// The message, byte by byte; what is no ASCII in it stands for itself.
    public String source() {
        var sender = from.orElseGet(() -> Mailbox.parse("nobody@invalid"));
        try {
            var message = MimeMessageWriter.write(event, sender, forced, acceptedAt);
            return new String(message.bytes(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "(it can't be composed: " + e.getMessage() + ")";
        }
    }
}
