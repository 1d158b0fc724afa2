package dev.outmail.delivery.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
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

/// What does transparency cost (RFC 5321 §4.5.2), looking for dots and line ends in every message?
/// Beside it Angus' stream, and what BDAT would need (RFC 3030): a copy.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MailDataBenchmark {
    private static final int LINE_LENGTH = 76;
    private static final int BUFFER_BYTES = 32 * 1_024;

    /// Takes what it is given.
    private static final class Sink extends OutputStream {
        private final byte[] taken = new byte[BUFFER_BYTES];

        @Override
        public void write(int one) {
            taken[0] = (byte) one;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            System.arraycopy(bytes, offset, taken, 0, length);
        }
    }

    @Param({"2048", "51200", "1048576"})
    private int size = 2_048;

    private final OutputStream sink = new Sink();
    private final SmtpWriter writer = new SmtpWriter(sink);
    private byte[] message = {};

    /// Lines of base64, as most bytes of large messages are.
    @Setup
    public void compose() {
        message = new byte[size];
        Arrays.fill(message, (byte) 'x');
        for (int end = LINE_LENGTH; end + 1 < size; end += LINE_LENGTH + 2) {
            message[end] = '\r';
            message[end + 1] = '\n';
        }
    }

    @Benchmark
    public void ours() throws IOException {
        writer.mailData(message);
        writer.flush();
    }

    @Benchmark
    public void angus() throws IOException {
        var out = new SMTPOutputStream(new BufferedOutputStream(sink));
        out.write(message);
        out.ensureAtBOL();
        out.flush();
    }

    @Benchmark
    public void copy() throws IOException {
        for (int done = 0; done < message.length; done += BUFFER_BYTES) {
            sink.write(message, done, Math.min(BUFFER_BYTES, message.length - done));
        }
    }
}
