package dev.outmail.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    private static ReplyReader saying(String text, int atMostAtOnce) {
        byte[] bytes = text.getBytes(UTF_8);
        return new ReplyReader(
                new InputStream() {
                    private final ByteArrayInputStream all = new ByteArrayInputStream(bytes);

                    @Override
                    public int read() {
                        return all.read();
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        return all.read(buffer, offset, Math.min(length, atMostAtOnce));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000_000})
    void repliesComeOneByOneHoweverTheyArrive(int atMostAtOnce) throws Exception {
        var replies =
                saying(
                        "250 2.1.0 ok\r\n"
                                + "250-first\r\n250-\r\n250 last\r\n"
                                + "354\r\n"
                                + "550 ünbekannt\n"
                                + "hello\r\n"
                                + ("250-"
                                        + "x".repeat(3_000)
                                        + "\r\n250 "
                                        + "y".repeat(3_000)
                                        + "\r\n"),
                        atMostAtOnce);

        assertThat(replies.next()).isEqualTo(new Reply(250, new EnhancedCode(2, 1, 0), "ok"));
        assertThat(replies.next()).isEqualTo(new Reply(250, null, "first last"));
        assertThat(replies.next()).isEqualTo(new Reply(354, null, ""));
        assertThat(replies.next()).isEqualTo(new Reply(550, null, "ünbekannt"));
        assertThat(replies.next()).isInstanceOf(Answer.Garbled.class);
        assertThat(replies.next())
                .isInstanceOfSatisfying(
                        Reply.class,
                        reply -> assertThat(reply.text()).startsWith("xxx").hasSize(2_048));
        assertThat(replies.next())
                .isInstanceOfSatisfying(
                        Answer.Lost.class,
                        lost -> assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"250-cut\r\n", "250-cut", "250-"})
    void aReplyThatIsCutOffIsLost(String said) throws Exception {
        assertThat(saying(said, 100).next()).isInstanceOf(Answer.Lost.class);
    }

    /// One line of plain text is read without the general way, which it must agree with.
    @Test
    void theQuickWayReadsWhatTheGeneralOneDoes() {
        long seed = RandomGenerator.getDefault().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        String letters = "22455500123.. - .1.2.3 xyü\t\u0001";
        for (int i = 0; i < 50_000; i++) {
            var line = new StringBuilder(random.nextBoolean() ? "250 " : "550 5.1.1");
            line.setLength(random.nextInt(line.length() + 1));
            for (int length = random.nextInt(14); length > 0; length--) {
                line.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] said = (line + "\r\n").getBytes(ISO_8859_1);

            assertThat(Reply.parse(said, 0, said.length))
                    .as("'%s' of seed %d", line, seed)
                    .isEqualTo(Reply.parse(line.toString()));
        }
    }
}
