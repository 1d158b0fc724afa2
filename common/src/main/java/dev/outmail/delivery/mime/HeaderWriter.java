package dev.outmail.delivery.mime;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes header fields, folded (RFC 5322 §2.2.3). A field's value is a row of tokens, each with a
/// space before it, and a fold comes before such a space, so that unfolding restores the value.
final class HeaderWriter {
    /// RFC 2047 §2 sets it for lines with encoded words; RFC 5322 would allow two more.
    private static final int LINE = 76;

    private static final int HARD_LINE = 998;

    /// The longest token that fits on a line of its own.
    static final int MAX_TOKEN = HARD_LINE - 20;

    private final MessageBytes out;
    private int lineStart;
    private int valueStart;
    private boolean requiresSmtpUtf8;

    HeaderWriter(MessageBytes out) {
        this.out = out;
    }

    /// Whether an address was written that only a server with SMTPUTF8 can take.
    boolean requiresSmtpUtf8() {
        return requiresSmtpUtf8;
    }

    void field(String name, String token) {
        begin(name);
        token(token);
        end();
    }

    void date(Instant date) {
        begin("Date");
        words(DateField.value(date));
        end();
    }

    /// A field whose text is meant for people. Any `=?` is encoded lest it be taken for an encoded
    /// word, and so are words too long for the first line: some readers show a fold right after the
    /// field's name as a space.
    void text(String name, String text) {
        HeaderText.requireText(name, text);
        begin(name);
        if (isFoldable(text, room()) && !text.contains("=?")) {
            words(text);
        } else {
            EncodedWords.write(text, this);
        }
        end();
    }

    /// A field of the application's own. Its text may be meant for programs, so it is encoded only
    /// where it must be.
    void custom(String name, String value) {
        HeaderText.requireText(name, value);
        String text = value.strip();
        begin(name);
        int opening = text.indexOf("=?");
        if (isFoldable(text, MAX_TOKEN) && (opening < 0 || text.indexOf("?=", opening + 2) < 0)) {
            words(text);
        } else {
            EncodedWords.write(text, this);
        }
        end();
    }

    void mailboxes(String name, List<Mailbox> mailboxes) {
        begin(name);
        int last = mailboxes.size() - 1;
        for (int i = 0; i <= last; i++) {
            mailbox(name, mailboxes.get(i), i < last ? 1 : 0);
            if (i < last) {
                out.octet(',');
            }
        }
        end();
    }

    void begin(String name) {
        lineStart = out.size();
        out.ascii(name);
        out.octet(':');
        valueStart = out.size();
    }

    void token(String token) {
        space(token.length());
        out.ascii(token);
    }

    void end() {
        out.endLine();
    }

    /// How long a token may be to fit on this line.
    int room() {
        return LINE - column() - 1;
    }

    void fold() {
        out.endLine();
        lineStart = out.size();
    }

    /// Writes the space before a token of the given length, on a new line unless both fit on this
    /// one. Right after the field's name a new line is no gain for a token too long for either.
    MessageBytes space(int length) {
        boolean first = out.size() == valueStart;
        boolean stays = first && length + 1 > LINE && column() + 1 + length <= HARD_LINE;
        if (length > room() && !stays) {
            fold();
        }
        out.octet(' ');
        return out;
    }

    /// Folds only at single spaces: a run of them would be taken for one by some readers.
    void words(String text) {
        int from = 0;
        while (from < text.length()) {
            int to = wordEnd(text, from);
            space(to - from);
            out.ascii(text, from, to);
            from = to + 1;
        }
    }

    private int column() {
        return out.size() - lineStart;
    }

    private void mailbox(String field, Mailbox mailbox, int comma) {
        var address = mailbox.address();
        int length = length(address);
        @Nullable String name = mailbox.name();
        if (name == null) {
            space(length + comma);
            address(address);
            return;
        }
        phrase(HeaderText.requireText(field, name), " <".length() + length + ">".length() + comma);
        space(length + 2 + comma).octet('<');
        address(address);
        out.octet('>');
    }

    private void address(EmailAddress address) {
        if (address.requiresSmtpUtf8()) {
            requiresSmtpUtf8 = true;
            out.utf8(address.localPart());
        } else {
            out.ascii(address.localPart());
        }
        out.octet('@');
        out.ascii(address.domain());
    }

    private static int length(EmailAddress address) {
        String localPart = address.localPart();
        int bytes =
                address.requiresSmtpUtf8()
                        ? localPart.getBytes(StandardCharsets.UTF_8).length
                        : localPart.length();
        return bytes + 1 + address.domain().length();
    }

    /// A display name, kept on one line with the address that follows it where they fit.
    private void phrase(String name, int following) {
        boolean first = out.size() == valueStart;
        switch (PhraseForm.of(name)) {
            case ATOMS -> {
                spaceBeforeName(name.length(), following, first);
                out.ascii(name);
            }
            case QUOTED -> {
                spaceBeforeName(PhraseForm.quotedLength(name), following, first);
                quoted(name);
            }
            case ENCODED -> {
                if (!first && room() < LINE / 2) {
                    fold();
                }
                EncodedWords.write(name, this);
            }
        }
    }

    private void spaceBeforeName(int length, int following, boolean first) {
        int whole = length + following;
        space(first || whole >= LINE ? length : whole);
    }

    private void quoted(String name) {
        out.octet('"');
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (PhraseForm.isEscaped(c)) {
                out.octet('\\');
            }
            out.octet(c);
        }
        out.octet('"');
    }

    /// Whether the text can go as it is: ASCII that neither starts nor ends with white space, and
    /// no word longer than given.
    private static boolean isFoldable(String text, int maxWord) {
        if (text.isEmpty()) {
            return true;
        }
        if (!HeaderText.isAscii(text)
                || isBlank(text.charAt(0))
                || isBlank(text.charAt(text.length() - 1))) {
            return false;
        }
        int from = 0;
        while (text.length() - from > maxWord) {
            int to = wordEnd(text, from);
            if (to - from > maxWord) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    private static int wordEnd(String text, int from) {
        for (int i = from + 1; i < text.length(); i++) {
            if (text.charAt(i) == ' '
                    && !isBlank(text.charAt(i - 1))
                    && !isBlank(text.charAt(i + 1))) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
