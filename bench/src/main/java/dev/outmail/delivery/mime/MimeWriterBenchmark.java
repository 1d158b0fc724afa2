package dev.outmail.delivery.mime;

import dev.outmail.bench.letter.Letter;
import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Events;
import dev.outmail.bench.peer.JakartaMail;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
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

/// What does it cost to make a message's bytes: by the writer; by it and the validation of the
/// event, too; by jakarta.mail as documented; and by jakarta.mail with its look-ups fixed?
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MimeWriterBenchmark {

    @State(Scope.Benchmark)
    public static class Mail {
        @Param({"KB_2", "KB_50", "MB_1"})
        private LetterSize size = LetterSize.KB_2;

        private Letter letter = LetterSize.KB_2.letter(1);
        private MailEvent event = Events.event(letter);
        private final Mailbox from = Mailbox.parse(letter.from());
        private final Session session = JakartaMail.session();
        private int typicalBytes = 4_096;

        @Setup
        public void write() {
            letter = size.letter(1);
            event = Events.event(letter);
            typicalBytes = ours(event).bytes().length + 1_024;
        }

        private ComposedMessage ours(MailEvent one) {
            return MimeMessageWriter.write(one, from, Instant.EPOCH);
        }

        private byte[] theirs() throws MessagingException, IOException {
            var out = new ByteArrayOutputStream(typicalBytes);
            JakartaMail.compose(session, letter).writeTo(out);
            return out.toByteArray();
        }
    }

    /// A fork of its own, as the look-ups are those of the JVM.
    @State(Scope.Benchmark)
    public static class LookUpsFixed {
        @Setup
        public void fix() {
            JakartaMail.fixLookUps();
        }
    }

    @Benchmark
    public ComposedMessage writer(Mail mail) {
        return mail.ours(mail.event);
    }

    @Benchmark
    public ComposedMessage writerAndValidation(Mail mail) {
        return mail.ours(Events.event(mail.letter));
    }

    @Benchmark
    public byte[] jakartaMailAsDocumented(Mail mail) throws MessagingException, IOException {
        return mail.theirs();
    }

    @Benchmark
    public byte[] jakartaMailLookUpsFixed(Mail mail, LookUpsFixed fixed)
            throws MessagingException, IOException {
        return mail.theirs();
    }
}
