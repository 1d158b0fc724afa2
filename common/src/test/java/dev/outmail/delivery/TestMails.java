package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Outbound messages for tests.
public final class TestMails {
    public static final EmailAddress SENDER = address("sender@example.org");

    private TestMails() {}

    public static EmailAddress address(String text) {
        int at = text.lastIndexOf('@');
        return new EmailAddress(text.substring(0, at), text.substring(at + 1));
    }

    public static Outbound to(String... recipients) {
        return with("Subject: hi\r\n\r\nhello\r\n", recipients);
    }

    public static Outbound with(String message, String... recipients) {
        List<EmailAddress> all = Arrays.stream(recipients).map(TestMails::address).toList();
        return new Outbound(
                new Envelope(SENDER, all),
                message.getBytes(StandardCharsets.UTF_8),
                false,
                Clearance.GIVEN);
    }

    public static Outbound requiringSmtpUtf8(String message, String... recipients) {
        Outbound plain = with(message, recipients);
        var header = message.substring(0, message.indexOf("\r\n\r\n"));
        boolean raw = !StandardCharsets.US_ASCII.newEncoder().canEncode(header);
        return new Outbound(plain.envelope(), plain.message(), raw, Clearance.GIVEN);
    }
}
