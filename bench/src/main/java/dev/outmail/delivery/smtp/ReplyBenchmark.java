package dev.outmail.delivery.smtp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.util.LineInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does reading and understanding a reply cost, four or five of which come with every message?
/// Beside it Angus' way, by lines and patterns, which we went before, and a client that looks at
/// nothing but the code.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReplyBenchmark {
    /// What a server says.
    public enum Said {
        ACCEPTED("250 2.1.0 Ok\n"),
        REFUSED("550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown\n"),
        GREYLISTED(
                "450-4.2.0 Greylisted\n450-4.2.0 see https://example.org/why\n450 4.2.0 later\n");

        private final String text;

        Said(String text) {
            this.text = text;
        }
    }

    /// A server that says the same for ever.
    private static final class Parrot extends InputStream {
        private final byte[] words;

        Parrot(byte[] words) {
            this.words = words;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("a byte at a time");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            System.arraycopy(words, 0, buffer, offset, words.length);
            return words.length;
        }
    }

    private byte[] bytes = {};

    @Param({"ACCEPTED", "REFUSED", "GREYLISTED"})
    private Said said = Said.ACCEPTED;

    private ReplyReader reader = new ReplyReader(InputStream.nullInputStream());

    @Setup
    public void listen() {
        bytes = said.text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        reader = new ReplyReader(new Parrot(bytes));
    }

    @Benchmark
    public Answer read() throws IOException {
        return reader.next();
    }

    @Benchmark
    public Ruling readAndClassify() throws IOException {
        return ReplyClassifier.classify(Stage.RCPT, reader.next());
    }

    @Benchmark
    public Answer byLinesAndPatterns() throws IOException {
        var lines = new LineInputStream(new BufferedInputStream(new Parrot(bytes)));
        var reply = new StringBuilder();
        String line;
        do {
            line = lines.readLine();
            reply.append(line).append('\n');
        } while (line.startsWith("-", 3));
        return Reply.parse(reply.toString());
    }

    @Benchmark
    public int codeOnly() {
        return Integer.parseInt(said.text, 0, 3, 10);
    }
}
