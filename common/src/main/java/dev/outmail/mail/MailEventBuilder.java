package dev.outmail.mail;

import dev.outmail.mail.MailEvent.Addressing;
import dev.outmail.mail.MailEvent.Content;
import dev.outmail.mail.MailEvent.Finished;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.mail.MailEvent.Terms;
import dev.outmail.mail.MailEvent.Written;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An event being written, and the rules it must keep. Publishers and workers judge by this class
/// alone. It takes anything; [#validate] and [#build] then say all that is wrong with it, each
/// problem by the name of the field as in the event's JSON.
///
/// Required are an id, a recipient in to, cc or bcc, and either a subject with a text or an html
/// body, or a finished message. Methods that take one of several (recipients, header fields,
/// attachments, metadata) add to what is there; the others replace it. Not for use by several
/// threads.
public final class MailEventBuilder {
    private String source = MailEvent.DEFAULT_SOURCE;
    private @Nullable String id;
    private @Nullable String type;
    private String profile = MailEvent.DEFAULT_PROFILE;
    private @Nullable String from;
    private final List<String> to = new ArrayList<>();
    private final List<String> cc = new ArrayList<>();
    private final List<String> bcc = new ArrayList<>();
    private final List<String> replyTo = new ArrayList<>();
    private @Nullable String subject;
    private @Nullable String text;
    private @Nullable String html;
    private byte @Nullable [] message;
    private @Nullable FinishedMessage finished;
    private final List<AttachmentDraft> attachments = new ArrayList<>();
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private @Nullable String conversation;
    private @Nullable Instant sendAt;
    private @Nullable Instant expiresAt;
    private OnDoubt onDoubt = OnDoubt.RESEND;
    private final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();

    MailEventBuilder() {}

    /// Unique within the source, and the same when the same mail is published again: 1 to 200
    /// characters.
    public MailEventBuilder id(String id) {
        this.id = id;
        return this;
    }

    /// Who publishes, such as `/projects`; `/` unless said. 1 to 200 characters.
    public MailEventBuilder source(String source) {
        this.source = source;
        return this;
    }

    /// What the application calls this kind of mail, such as `task.assigned`; up to 200 characters.
    public MailEventBuilder type(String type) {
        this.type = type;
        return this;
    }

    /// The settings to use; `default` unless said. Up to 100 of `A-Z a-z 0-9 . _ -`.
    public MailEventBuilder profile(String profile) {
        this.profile = profile;
        return this;
    }

    /// A mailbox such as `Projects <projects@example.com>`, in place of the profile's sender.
    public MailEventBuilder from(String mailbox) {
        from = mailbox;
        return this;
    }

    /// Mailboxes such as `ada@example.org` or `Ada Lovelace <ada@example.org>`, one a string.
    public MailEventBuilder to(String... mailboxes) {
        return to(Arrays.asList(mailboxes));
    }

    public MailEventBuilder to(Collection<String> mailboxes) {
        to.addAll(mailboxes);
        return this;
    }

    public MailEventBuilder cc(String... mailboxes) {
        return cc(Arrays.asList(mailboxes));
    }

    public MailEventBuilder cc(Collection<String> mailboxes) {
        cc.addAll(mailboxes);
        return this;
    }

    public MailEventBuilder bcc(String... mailboxes) {
        return bcc(Arrays.asList(mailboxes));
    }

    public MailEventBuilder bcc(Collection<String> mailboxes) {
        bcc.addAll(mailboxes);
        return this;
    }

    public MailEventBuilder replyTo(String... mailboxes) {
        return replyTo(Arrays.asList(mailboxes));
    }

    public MailEventBuilder replyTo(Collection<String> mailboxes) {
        replyTo.addAll(mailboxes);
        return this;
    }

    /// One line of up to 998 characters; may be empty, not missing.
    public MailEventBuilder subject(String subject) {
        this.subject = subject;
        return this;
    }

    public MailEventBuilder text(String text) {
        this.text = text;
        return this;
    }

    public MailEventBuilder html(String html) {
        this.html = html;
        return this;
    }

    /// A message that is finished (RFC 5322), in place of subject, text, html, attachments,
    /// headers, conversation, cc, bcc and replyTo; from and to are its envelope alone. Its From
    /// field is the sender where none is given. It is sent as it is, but for what [FinishedMessage]
    /// says, and for fields that must not leave, such as Bcc; a Date and a Message-ID are added
    /// where missing.
    public MailEventBuilder message(byte[] rfc5322) {
        message = rfc5322;
        finished = null;
        return this;
    }

    /// The same of one that was read before.
    public MailEventBuilder message(FinishedMessage message) {
        this.message = message.bytes();
        finished = message;
        return this;
    }

    /// A file. Its name is cleaned: no directories, no control characters, at most 200 characters.
    /// The bytes are shared, not copied.
    public MailEventBuilder attachment(String name, String contentType, byte[] content) {
        return attachment(name, contentType, content, null);
    }

    /// A picture that the HTML shows by `<img src="cid:…">`.
    ///
    /// @param contentId what follows `cid:`, without angle brackets
    public MailEventBuilder inlineImage(
            String contentId, String name, String contentType, byte[] content) {
        return attachment(name, contentType, content, contentId);
    }

    /// A file of which some may be missing.
    ///
    /// @param name null for `attachment`
    /// @param contentType null for `application/octet-stream`
    /// @param content must not be null in the end
    /// @param contentId null where the HTML doesn't refer to it
    public MailEventBuilder attachment(
            @Nullable String name,
            @Nullable String contentType,
            byte @Nullable [] content,
            @Nullable String contentId) {
        attachments.add(new AttachmentDraft(name, contentType, content, contentId));
        return this;
    }

    /// A header field of the application's own, such as `X-Project` or `List-Unsubscribe`, in one
    /// line of up to 4,000 characters. Fields that Outmail writes are refused.
    public MailEventBuilder header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    /// Mails of the same source and conversation form a thread in the reader's mail program; up to
    /// 200 characters.
    public MailEventBuilder conversation(String conversation) {
        this.conversation = conversation;
        return this;
    }

    /// Not before this moment.
    public MailEventBuilder sendAt(Instant sendAt) {
        this.sendAt = sendAt;
        return this;
    }

    /// Not after this moment.
    public MailEventBuilder expiresAt(Instant expiresAt) {
        this.expiresAt = expiresAt;
        return this;
    }

    /// What to do when a server may have taken the mail and its answer was lost; resend unless
    /// said.
    public MailEventBuilder onDoubt(OnDoubt onDoubt) {
        this.onDoubt = onDoubt;
        return this;
    }

    /// Free data for the log, never sent.
    ///
    /// @param value a string, finite number, boolean or null, or a list or map of such
    public MailEventBuilder metadata(String key, @Nullable Object value) {
        metadata.put(key, value);
        return this;
    }

    /// The event, or all that is wrong with it.
    public Validation validate() {
        var problems = new Problems();
        IdentityRules.eventId(source, id, problems);
        IdentityRules.name("type", type, problems);
        IdentityRules.profile(profile, problems);
        var ready = message == null ? null : finished(message, problems);
        var addressing = addressing(ready, problems);
        var files = message == null ? written(problems) : List.<Attachment>of();
        ContentRules.terms(sendAt, expiresAt, problems);
        var data = Metadata.copy(metadata, problems);
        if (!problems.isEmpty()) {
            if (message == null) {
                ContentRules.bodies(text, html, problems);
            }
            return new Validation.Invalid(problems.list());
        }
        try {
            return new Validation.Valid(
                    new MailEvent(
                            new EventId(source, Objects.requireNonNull(id)),
                            type,
                            profile,
                            addressing,
                            ready == null ? written(files) : new Finished(ready),
                            new Terms(sendAt, expiresAt, onDoubt),
                            data));
        } catch (InvalidMailEvent e) {
            // Of what is in the bodies: they are long, and the content looks at them by itself.
            return new Validation.Invalid(e.problems());
        }
    }

    /// The event, which must be valid.
    ///
    /// @throws InvalidMailEvent saying all that is wrong
    public MailEvent build() {
        return switch (validate()) {
            case Validation.Valid valid -> valid.event();
            case Validation.Invalid invalid -> throw new InvalidMailEvent(invalid.problems());
        };
    }

    private Addressing addressing(@Nullable FinishedMessage ready, Problems problems) {
        AddressingRules.lengths(to.size(), cc.size(), bcc.size(), replyTo.size(), problems);
        AddressingRules.somebody(!to.isEmpty() || !cc.isEmpty() || !bcc.isEmpty(), problems);
        var sender = AddressingRules.mailbox("from", from, problems);
        return new Addressing(
                from != null || ready == null ? sender : ready.from().orElse(null),
                AddressingRules.mailboxes("to", to, problems),
                AddressingRules.mailboxes("cc", cc, problems),
                AddressingRules.mailboxes("bcc", bcc, problems),
                AddressingRules.mailboxes("replyTo", replyTo, problems));
    }

    private @Nullable FinishedMessage finished(byte[] rfc5322, Problems problems) {
        inMessage("subject", subject != null, problems);
        inMessage("text", text != null, problems);
        inMessage("html", html != null, problems);
        inMessage("attachments", !attachments.isEmpty(), problems);
        inMessage("headers", !headers.isEmpty(), problems);
        inMessage("conversation", conversation != null, problems);
        AddressingRules.onlyInMessage("cc", cc, problems);
        AddressingRules.onlyInMessage("bcc", bcc, problems);
        AddressingRules.onlyInMessage("replyTo", replyTo, problems);
        return finished == null ? FinishedMessage.of("message", rfc5322, problems) : finished;
    }

    private static void inMessage(String field, boolean given, Problems problems) {
        if (given) {
            problems.add(
                    field,
                    "it is given beside 'message', which is finished",
                    "leave it out, or give the parts of the mail and no message");
        }
    }

    private List<Attachment> written(Problems problems) {
        ContentRules.subject(subject, problems);
        AttachmentRules.count(attachments.size(), problems);
        var files = AttachmentDraft.finish(attachments, problems);
        var headerRules = new HeaderRules(problems);
        headers.forEach(header -> headerRules.check(header.getKey(), header.getValue()));
        IdentityRules.name("conversation", conversation, problems);
        return files;
    }

    private Content written(List<Attachment> files) {
        var fields = new LinkedHashMap<String, String>();
        headers.forEach(header -> fields.put(header.getKey(), header.getValue()));
        return new Written(
                Objects.requireNonNull(subject), text, html, files, fields, conversation);
    }
}
