package dev.outmail.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpWriterTest {
    private final List<byte[]> written = new ArrayList<>();
    private final SmtpWriter writer =
            new SmtpWriter(
                    new OutputStream() {
                        @Override
                        public void write(int one) {
                            written.add(new byte[] {(byte) one});
                        }

                        @Override
                        public void write(byte[] bytes, int offset, int length) {
                            written.add(Arrays.copyOfRange(bytes, offset, offset + length));
                        }
                    });

    private String allWritten() throws IOException {
        writer.flush();
        var all = new ByteArrayOutputStream();
        for (byte[] one : written) {
            all.write(one);
        }
        return all.toString(ISO_8859_1);
    }

    @Test
    void nothingLeavesBeforeWeListen() throws Exception {
        writer.command("MAIL FROM:<>");
        writer.command("RCPT TO:<a@example.org>");
        writer.mailData("x\r\n".getBytes(UTF_8));

        assertThat(written).isEmpty();
        assertThat(allWritten()).isEqualTo("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nx\r\n");
        assertThat(written).hasSize(1);
    }

    @Test
    void commandsLeaveInUtf8() throws Exception {
        writer.command("RCPT TO:<jürgen@example.org>");

        assertThat(allWritten().getBytes(ISO_8859_1))
                .isEqualTo("RCPT TO:<jürgen@example.org>\r\n".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL\rDATA", "MAIL\nDATA", "MAIL\r\n", "\n"})
    void aCommandIsOneLine(String command) {
        assertThatIllegalArgumentException().isThrownBy(() -> writer.command(command));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "a\\r\\n,              a\\r\\n",
                "a\\r\\n.\\r\\nb\\r\\n, a\\r\\n..\\r\\nb\\r\\n",
                ".a\\r\\n..\\r\\n,      ..a\\r\\n...\\r\\n",
                "a\\n.\\nb\\r\\n,       a\\r\\n..\\r\\nb\\r\\n",
                "a\\r.\\rb,             a\\r\\n..\\r\\nb\\r\\n",
                "a\\n\\r.\\r\\n,        a\\r\\n\\r\\n..\\r\\n",
                "a\\r\\r\\n.\\r\\n,     a\\r\\n\\r\\n..\\r\\n",
                "a,                     a\\r\\n",
                "a.b\\r\\n,             a.b\\r\\n",
                "\"\",                  \"\"",
            })
    void mailDataIsTransparentAndItsLinesEndWithCrlf(String message, String onTheWire)
            throws Exception {
        writer.mailData(unescape(message).getBytes(ISO_8859_1));

        assertThat(allWritten()).isEqualTo(unescape(onTheWire));
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @Test
    void itWritesWhatAngusDoes() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        byte[] letters = "\r\n\n\r..ab".getBytes(ISO_8859_1);
        for (int i = 0; i < 2_000; i++) {
            byte[] message = new byte[random.nextInt(1, i % 100 == 0 ? 100_000 : 40)];
            for (int j = 0; j < message.length; j++) {
                message[j] = letters[random.nextInt(letters.length)];
            }
            var expected = new ByteArrayOutputStream();
            var angus = new SMTPOutputStream(expected);
            angus.write(message);
            angus.ensureAtBOL();
            written.clear();

            writer.mailData(message);

            assertThat(allWritten())
                    .as("message %d of seed %d", i, seed)
                    .isEqualTo(expected.toString(ISO_8859_1));
        }
    }

    @Test
    void aLargeMessageLeavesInLargePieces() throws Exception {
        byte[] message = ("x".repeat(98) + "\r\n").repeat(10_000).getBytes(ISO_8859_1);

        writer.mailData(message);

        assertThat(allWritten()).isEqualTo(new String(message, ISO_8859_1));
        assertThat(written).hasSizeBetween(20, 40);
    }
}
