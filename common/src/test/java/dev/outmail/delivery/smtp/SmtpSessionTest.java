package dev.outmail.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Clearance;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.VerdictSheet;
import dev.outmail.settings.Connection.Security;
import jakarta.mail.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On which side of the final dot a connection breaks, where the buffer is full just there.
class SmtpSessionTest {
    private static final int BUFFER_BYTES = 32 * 1_024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String END = "\r\n.\r\n";
    private static final List<String> NEXT =
            List.of("MAIL FROM:<sender@example.org>", "RCPT TO:<next@example.net>", "DATA");

    private static final Leave GIVEN =
            new Leave(Clearance.GIVEN, new VerdictSheet(TestMails.to("a@example.net").envelope()));

    private final List<String> writes = new ArrayList<>();
    private int writesBeforeTheBreak = Integer.MAX_VALUE;
    private final SmtpSession session = session();

    /// A connection that takes so many writes, and whose server says nothing.
    private final class Wire extends Socket {
        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (writes.size() == writesBeforeTheBreak) {
                        throw new IOException("broken pipe");
                    }
                    writes.add(new String(bytes, offset, length, ISO_8859_1));
                }
            };
        }
    }

    private SmtpSession session() {
        try {
            var guard = new GuardedSocket(new ManualTicker(), PATIENCE);
            guard.securedBy(new Wire());
            var mail = Session.getInstance(new Properties());
            return new SmtpSession(
                    guard,
                    new Opening(mail, Security.NONE, guard),
                    new Offers(true, false, false, false, OptionalLong.empty()),
                    Pipelining.IF_OFFERED);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// @param missing how many bytes are left in the buffer after the content's last line end
    private static byte[] contentUpTo(int missing) {
        int length = BUFFER_BYTES - missing;
        String lines = ("x".repeat(98) + "\r\n").repeat(length / 100);
        int rest = length - lines.length();
        return (lines + (rest < 2 ? "" : "y".repeat(rest - 2) + "\r\n")).getBytes(ISO_8859_1);
    }

    private Answer send(byte[] content) {
        return session.sendMessage(content, GIVEN, () -> NEXT, PATIENCE, PATIENCE);
    }

    private String written() {
        return writes.stream().collect(joining());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 10, 40, 80})
    void aDotThatTheNextEnvelopePushedOutHasLeft(int missing) {
        writesBeforeTheBreak = 1;

        Answer answer = send(contentUpTo(missing));

        assertThat(answer).isInstanceOf(Answer.Lost.class);
        assertThat(written()).contains(END);
        assertThat(session.stage()).isEqualTo(Stage.FINAL_DOT);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 10, 40, 80, 1_000})
    void soDoesOneWhoseWriteFailed(int missing) {
        writesBeforeTheBreak = 0;

        Answer answer = send(contentUpTo(missing));

        assertThat(answer).isInstanceOf(Answer.Lost.class);
        assertThat(session.stage()).isEqualTo(Stage.FINAL_DOT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void contentThatLeavesNoRoomForTheDotBreaksBeforeIt(int missing) {
        writesBeforeTheBreak = 0;

        Answer answer = send(contentUpTo(missing));

        assertThat(answer).isInstanceOf(Answer.Lost.class);
        assertThat(session.stage()).isEqualTo(Stage.CONTENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void afterItTheDotLeavesAndIsKnownTo(int missing) {
        writesBeforeTheBreak = 1;

        Answer answer = send(contentUpTo(missing));

        assertThat(answer).isInstanceOf(Answer.Lost.class);
        assertThat(written()).doesNotContain(END);
        assertThat(session.stage()).isEqualTo(Stage.FINAL_DOT);
    }

    @Test
    void contentThatBreaksOnItsWayDidNotGetToTheDot() {
        writesBeforeTheBreak = 2;

        Answer answer = send("x\r\n".repeat(100_000).getBytes(ISO_8859_1));

        assertThat(answer).isInstanceOf(Answer.Lost.class);
        assertThat(session.stage()).isEqualTo(Stage.CONTENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {-200, 0, 2, 3, 40, 1_000})
    void theNextEnvelopeIsAskedForBeforeTheDotCanLeave(int missing) {
        var before = new ArrayList<String>();

        session.sendMessage(
                contentUpTo(missing),
                GIVEN,
                () -> {
                    before.add(written());
                    return NEXT;
                },
                PATIENCE,
                PATIENCE);

        assertThat(before).singleElement().asString().doesNotContain(END);
        assertThat(written()).contains(END + NEXT.getFirst() + "\r\n");
    }
}
