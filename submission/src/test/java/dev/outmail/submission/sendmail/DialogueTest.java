package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DialogueTest {
    private static final String BEGIN = "EHLO [127.0.0.1]\r\nMAIL FROM:<a@a.org>\r\n";
    private static final String ENVELOPE = BEGIN + "RCPT TO:<b@b.org>\r\nDATA\r\n";

    private final List<Request.Submit> calls = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private @Nullable NotTaken notTaken;
    private @Nullable IOException failure;

    private List<String> codes(String said) throws IOException {
        return replies(said).lines().map(line -> line.substring(0, 3)).toList();
    }

    private String replies(String said) throws IOException {
        var out = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(said.getBytes(UTF_8));
        new Dialogue(in, new PrintStream(out, false, UTF_8), 1_000, this::add).run();
        return out.toString(UTF_8);
    }

    private void add(Request.Submit call, byte[] message) throws IOException, NotTaken {
        if (notTaken != null) {
            throw notTaken;
        }
        if (failure != null) {
            throw failure;
        }
        calls.add(call);
        messages.add(new String(message, UTF_8));
    }

    @Test
    void symfonysMailsAreTaken() throws Exception {
        var mail =
                """
                MAIL FROM:<shop@example.com>
                RCPT TO:<ada@example.org>
                RCPT TO:<bob@example.org>
                DATA
                Subject: s

                ..
                Hi
                .
                """
                        .replace("\n", "\r\n");

        assertThat(codes("HELO [127.0.0.1]\r\n" + mail + "NOOP\r\n" + mail + "QUIT\r\nNOOP\r\n"))
                .isEqualTo(
                        List.of(
                                "220 250 250 250 250 354 250 250 250 250 250 354 250 221"
                                        .split(" ")));

        assertThat(messages).hasSize(2).containsOnly("Subject: s\r\n\r\n.\r\nHi\r\n");
        assertThat(calls)
                .containsOnly(
                        new Request.Submit(
                                false,
                                false,
                                "<shop@example.com>",
                                null,
                                List.of("<ada@example.org>", "<bob@example.org>")));
    }

    @Test
    void onlyADotBetweenCrlfEndsAMail() throws Exception {
        var body = "x\n.\nMAIL\n.\r\nx\r\n.\nx\r\n";

        replies(ENVELOPE + body + ".\r\nQUIT\r\n");

        assertThat(messages).containsExactly("x\n.\nMAIL\n.\r\nx\r\n\nx\r\n");
    }

    @Test
    void whatIsWrongIsSaidOnOneLineAndTheNextMailIsAnotherOne() throws Exception {
        notTaken = new NotTaken(ExitCode.DATA, "not\n  so");
        assertThat(replies(ENVELOPE + "x\r\n.\r\nDATA\r\n"))
                .contains("\r\n554 5.6.0 not so\r\n503 ");
        notTaken = null;
        failure = new IOException("disk full");
        assertThat(replies(ENVELOPE + "x\r\n.\r\n")).contains("\r\n451 4.3.0 ", "disk full");
    }

    @Test
    void aMailThatIsTooLargeIsRefusedAndReadToItsEnd() throws Exception {
        for (var large : List.of("x".repeat(5_000), "x\r\n".repeat(500))) {
            assertThat(replies(ENVELOPE + large + "\r\n.\r\nNOOP\r\n"))
                    .contains("more than 1000")
                    .endsWith("250 OK\r\n");
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void whoGoesInTheMiddleOfAMailHasHandedOverNone() throws Exception {
        replies(ENVELOPE + "Subject: s\r\n\r\nx\r\n.");

        assertThat(messages).isEmpty();
    }

    @Test
    void commandsOutOfOrderAreRefused() throws Exception {
        assertThat(codes("RCPT TO:<b@b.org>\r\nDATA\r\nMAIL\r\nVRFY x\r\n"))
                .containsExactly("220", "503", "503", "503", "502");
        assertThat(replies(BEGIN + "MAIL FROM:<c@c.org>\r\nDATA\r\nRSET\r\nRCPT TO:<b@b.org>\r\n"))
                .endsWith("503 5.5.1 MAIL FROM:<…>, RCPT TO:<…> and DATA\r\n");
        assertThat(messages).isEmpty();
    }
}
