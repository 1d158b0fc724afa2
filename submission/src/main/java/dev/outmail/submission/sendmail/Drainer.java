package dev.outmail.submission.sendmail;

import dev.outmail.config.SpoolOptions;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what the user that it runs as has in the spool, and deletes each mail once Kafka has
/// acknowledged it. One at a time does so; others find the spool locked and leave.
///
/// [#run] is for one thread; [#close] for any.
public final class Drainer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Drainer.class);

    /// A call that takes longer than this to write its mail was killed.
    private static final Duration LONGEST_CALL = Duration.ofHours(1);

    /// Kafka has 5 s for an answer, and as long for its end.
    private static final Duration LONGEST_PASS = Duration.ofSeconds(12);

    private static final Duration WAIT_FOR_LOCK = Duration.ofSeconds(1);

    private final Spool spool;
    private final Supplier<Outmail> connect;
    private final Stay stay;
    private final LongSupplier nanos = System::nanoTime;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Those below belong to the thread of [#run].
    private @Nullable Outmail outmail;

    private int published;
    private int failed;

    /// How long it stays when there is nothing to do, or when Kafka takes nothing.
    public enum Stay {
        /// It ends once the spool is empty, or Kafka has not taken a mail.
        NOT,
        /// It ends after half a minute without a mail, or ten minutes without Kafka.
        A_WHILE,
        /// Until it is closed.
        FOR_GOOD
    }

    /// What was done.
    ///
    /// @param published mails that are in Kafka now
    /// @param failed mails put aside, of which no event can be made
    /// @param left mails in the spool
    /// @param elsewhere whether another process is at it
    public record Drained(int published, int failed, int left, boolean elsewhere) {}

    Drainer(Spool spool, Supplier<Outmail> connect, Stay stay) {
        this.spool = spool;
        this.connect = connect;
        this.stay = stay;
    }

    /// A drainer of the user's mails that this process runs as.
    ///
    /// @param configuration the file that was read; null for none
    /// @param connect called once there is something to publish, and again after a failure
    /// @throws IOException where there is no spool and none can be made
    public static Drainer of(
            SpoolOptions options,
            @Nullable Path configuration,
            Supplier<Outmail> connect,
            Stay stay)
            throws IOException {
        return new Drainer(Spool.openFor(options).of(configuration), connect, stay);
    }

    /// Publishes, for as long as it stays.
    public Drained run() throws IOException, InterruptedException {
        try {
            return drainInTurns();
        } finally {
            ended.countDown();
        }
    }

    private Drained drainInTurns() throws IOException, InterruptedException {
        var turn = turn();
        while (comesAgain(turn)) {
            turn = turn();
        }
        return new Drained(published, failed, spool.files().size(), turn == Turn.ELSEWHERE);
    }

    /// What became of one hold of the lock. Who hands a mail over after the last look into the
    /// spool and before the lock is given back, starts nobody: after [#DONE] there is one more
    /// look.
    private enum Turn {
        DONE,
        GIVEN_UP,
        ELSEWHERE
    }

    private boolean comesAgain(Turn turn) throws IOException, InterruptedException {
        return switch (turn) {
            case DONE -> !spool.files().isEmpty();
            case GIVEN_UP -> false;
            case ELSEWHERE -> stay == Stay.FOR_GOOD && !isClosedWithin(WAIT_FOR_LOCK);
        };
    }

    private Turn turn() throws IOException, InterruptedException {
        try (var lock = spool.tryLock()) {
            if (lock == null) {
                return Turn.ELSEWHERE;
            }
            return drain() ? Turn.DONE : Turn.GIVEN_UP;
        }
    }

    /// Whether the spool was empty at the last look.
    private boolean drain() throws IOException, InterruptedException {
        spool.tidy(InstantSource.system().instant().minus(LONGEST_CALL));
        var publishing = new Publishing(spool);
        var patience = Patience.begin(stay, now());
        try {
            while (true) {
                var pass = pass(publishing);
                tell(patience, pass);
                patience = patience.after(pass, now());
                if (patience.ends() || isClosedWithin(patience.pause())) {
                    return pass.trouble() == null && closed.getCount() > 0;
                }
            }
        } finally {
            disconnect();
        }
    }

    private Pass pass(Publishing publishing) throws IOException {
        if (spool.files().isEmpty()) {
            return Pass.NOTHING;
        }
        try {
            var pass = publishing.pass(connected());
            published += pass.published();
            failed += pass.failed();
            return pass;
        } catch (KafkaException e) {
            return Pass.troubled(e);
        }
    }

    private Outmail connected() {
        if (outmail == null) {
            outmail = connect.get();
        }
        return outmail;
    }

    private void disconnect() {
        try {
            if (outmail != null) {
                outmail.close();
            }
        } catch (MailNotAccepted e) {
            // those are still in the spool
        }
        outmail = null;
    }

    private static void tell(Patience before, Pass pass) {
        boolean had = before.troubleSince() != null;
        if (pass.trouble() != null && !had) {
            log.atWarn()
                    .addKeyValue("cause", pass.trouble().toString())
                    .log("Mail stays in the spool; it is tried again");
        } else if (pass.trouble() == null && had) {
            log.info("Mail leaves the spool again");
        }
    }

    private Duration now() {
        return Duration.ofNanos(nanos.getAsLong());
    }

    private boolean isClosedWithin(Duration time) throws InterruptedException {
        return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends [#run] after the pass under way, and waits for that.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!ended.await(LONGEST_PASS.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("Ended with mails under way, which stay in the spool");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
