package dev.outmail.wire;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Events;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import java.util.concurrent.TimeUnit;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What do an event's strict decoding and its encoding cost, beside Jackson's own tree, which
/// checks nothing?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EventCodecBenchmark {
    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);
    private final JsonMapper plain = new JsonMapper();
    private MailEvent event = Events.event(LetterSize.KB_2.letter(1));
    private byte[] json = {};

    @Param({"KB_2", "KB_50", "MB_1"})
    private LetterSize size = LetterSize.KB_2;

    @Setup
    public void encodeOnce() {
        event = Events.event(size.letter(1));
        json = codec.encode(event);
    }

    @Benchmark
    public Decoded decode() {
        return codec.decode(json);
    }

    @Benchmark
    public byte[] encode() {
        return codec.encode(event);
    }

    @Benchmark
    public JsonNode decodePlainTree() {
        return plain.readTree(json);
    }
}
