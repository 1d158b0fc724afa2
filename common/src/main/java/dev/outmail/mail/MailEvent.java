package dev.outmail.mail;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One mail that an application wants sent, valid by the rules of [MailEventBuilder].
///
/// @param type what the application calls this kind of mail, such as `task.assigned`
/// @param profile the name of the settings to use
/// @param metadata free data for the log, never sent: JSON values as maps, lists, strings,
///   booleans, nulls and numbers (Long or BigInteger where whole, else BigDecimal)
public record MailEvent(
        EventId id,
        @Nullable String type,
        String profile,
        Addressing addressing,
        Content content,
        Terms terms,
        Map<String, @Nullable Object> metadata) {

    public static final String DEFAULT_PROFILE = "default";
    public static final String DEFAULT_SOURCE = "/";

    /// Holds its own parts to the rules, as the parts do theirs.
    ///
    /// @throws InvalidMailEvent if a rule is broken
    public MailEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(terms, "terms");
        var problems = new Problems();
        IdentityRules.name("type", type, problems);
        IdentityRules.profile(profile, problems);
        AddressingRules.somebody(addressing, problems);
        if (content instanceof Finished) {
            AddressingRules.envelopeAlone(addressing, problems);
        }
        metadata = Metadata.copy(metadata, problems);
        problems.throwIfAny();
    }

    public static MailEventBuilder builder() {
        return new MailEventBuilder();
    }

    /// Who the mail is from and for.
    ///
    /// @param from overrides the profile's sender unless the profile forces its own
    public record Addressing(
            @Nullable Mailbox from,
            List<Mailbox> to,
            List<Mailbox> cc,
            List<Mailbox> bcc,
            List<Mailbox> replyTo) {
        /// Holds the lists to their lengths.
        ///
        /// @throws InvalidMailEvent if one is too long
        public Addressing {
            to = List.copyOf(to);
            cc = List.copyOf(cc);
            bcc = List.copyOf(bcc);
            replyTo = List.copyOf(replyTo);
            var problems = new Problems();
            AddressingRules.lengths(to.size(), cc.size(), bcc.size(), replyTo.size(), problems);
            problems.throwIfAny();
        }

        /// Everyone who receives the mail, each address once, in the order to, cc, bcc.
        public List<EmailAddress> recipients() {
            var all = new LinkedHashSet<EmailAddress>();
            for (var mailboxes : List.of(to, cc, bcc)) {
                for (var mailbox : mailboxes) {
                    all.add(mailbox.address());
                }
            }
            return List.copyOf(all);
        }
    }

    /// What the mail says.
    public sealed interface Content {
        /// One line for people to read; may be empty.
        String subject();

        /// What mails of one thread have in common, beside their source.
        @Nullable String conversation();
    }

    /// Content that Outmail makes a message of. At least one of text and html is there.
    ///
    /// @param headers the application's own header fields, name to value, in its order
    /// @param conversation mails of the same source and conversation form a thread in the reader's
    ///   mail program
    public record Written(
            String subject,
            @Nullable String text,
            @Nullable String html,
            List<Attachment> attachments,
            Map<String, String> headers,
            @Nullable String conversation)
            implements Content {
        /// Holds all of it to the rules.
        ///
        /// @throws InvalidMailEvent if a rule is broken
        public Written {
            attachments = List.copyOf(attachments);
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            var problems = new Problems();
            ContentRules.subject(subject, problems);
            ContentRules.bodies(text, html, problems);
            AttachmentRules.count(attachments.size(), problems);
            var contentIds = new HashSet<String>();
            for (var file : attachments) {
                AttachmentRules.contentIdIsNew(
                        "attachments", file.contentId(), contentIds, problems);
            }
            headers.forEach(new HeaderRules(problems)::check);
            IdentityRules.name("conversation", conversation, problems);
            problems.throwIfAny();
        }
    }

    /// A message that some other program wrote. The event's addressing is its envelope alone; what
    /// readers see is in the message.
    public record Finished(FinishedMessage message) implements Content {
        public Finished {
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String subject() {
            return message.subject();
        }

        @Override
        public @Nullable String conversation() {
            return null;
        }
    }

    /// When the mail may be sent, and what to do when a server's answer was lost.
    ///
    /// @param sendAt not before this moment
    /// @param expiresAt not after this moment
    public record Terms(@Nullable Instant sendAt, @Nullable Instant expiresAt, OnDoubt onDoubt) {
        public static final Terms NONE = new Terms(null, null, OnDoubt.RESEND);

        /// Holds the times to their rules.
        ///
        /// @throws InvalidMailEvent if the event expires before it may be sent
        public Terms {
            Objects.requireNonNull(onDoubt, "onDoubt");
            var problems = new Problems();
            ContentRules.terms(sendAt, expiresAt, problems);
            problems.throwIfAny();
        }
    }

    /// What to do with a mail that a server may have taken, its answer lost.
    public enum OnDoubt {
        /// Send it again with the same Message-ID: at least once.
        RESEND,
        /// Keep it for a person to decide: at most once.
        HOLD
    }
}
