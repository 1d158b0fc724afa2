package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Messages of all that can be mistaken for an end, read beside somebody who mistakes it.
class ContentReaderTest {
    private static final long SEED = Long.getLong("outmail.test.seed", System.nanoTime());
    private static final int MESSAGES = 20_000;
    private static final String[] PARTS = {"\r\n", "\r", "\n", ".", "..", "a", "\r\n.\r\n"};
    private static final String END = "\r\n.\r\n";

    /// Where somebody ends a message who takes a CR or LF for a line end, too.
    private static final Pattern LENIENT_END = Pattern.compile("(?<=^|\r\n|\r|\n)\\.(\r\n|\r|\n)");

    private static final Pattern BARE = Pattern.compile("(?<!\r)\n|\r(?!\n)");

    /// A connection over which a client says one thing.
    private static final class OneWay extends Socket {
        private final InputStream said;

        OneWay(String said) {
            this.said = new ByteArrayInputStream(said.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public InputStream getInputStream() {
            return said;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }
    }

    @Test
    void nobodySeesAnotherEndThanThisReader() throws Exception {
        System.out.println("ContentReaderTest: outmail.test.seed=" + SEED);
        var random = new Random(SEED);
        for (int i = 0; i < MESSAGES; i++) {
            check(randomText(random) + END + "NOOP\r\n");
        }
    }

    private static String randomText(Random random) {
        var text = new StringBuilder();
        for (int parts = random.nextInt(12); parts > 0; parts--) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString();
    }

    private static void check(String said) throws IOException {
        var shown = said.replace("\r", "\\r").replace("\n", "\\n");
        var wire = new Wire(new OneWay(said));

        var content = read(wire);

        int end = ("\r\n" + said).indexOf(END) + END.length() - 2;
        var raw = said.substring(0, Math.max(0, end - 3));
        var lenient = LENIENT_END.matcher(said);
        assertThat(lenient.find()).isTrue();
        if (lenient.end() < end) {
            assertThat(content).as(shown).isInstanceOf(Content.FalseEnd.class);
            return;
        }
        assertThat(said.substring(end)).as(shown).isEqualTo(rest(wire));
        if (BARE.matcher(raw).find()) {
            assertThat(content).as(shown).isInstanceOf(Content.BareLineEnds.class);
        } else {
            assertThat(content).as(shown).isInstanceOf(Content.Whole.class);
            assertThat(new String(((Content.Whole) content).message(), StandardCharsets.US_ASCII))
                    .as(shown)
                    .isEqualTo(raw.replaceAll("(?<=^|\r\n)\\.", ""));
        }
    }

    private static Content read(Wire wire) throws IOException {
        try (var memory = new MemoryBudget(1 << 20).share()) {
            return new ContentReader(wire, 1 << 20, memory).read();
        }
    }

    private static String rest(Wire wire) throws IOException {
        return new String(wire.read(1_000), StandardCharsets.US_ASCII);
    }
}
