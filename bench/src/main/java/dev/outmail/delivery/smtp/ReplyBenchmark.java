package dev.outmail.delivery.smtp;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does understanding a reply cost, four or five of which come with every message? Beside it
/// what a client does that looks at nothing but the code.
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

    @Param({"ACCEPTED", "REFUSED", "GREYLISTED"})
    private Said said = Said.ACCEPTED;

    @Benchmark
    public Answer parse() {
        return Reply.parse(said.text);
    }

    @Benchmark
    public Ruling parseAndClassify() {
        return ReplyClassifier.classify(Stage.RCPT, Reply.parse(said.text));
    }

    @Benchmark
    public int codeOnly() {
        return Integer.parseInt(said.text, 0, 3, 10);
    }
}
