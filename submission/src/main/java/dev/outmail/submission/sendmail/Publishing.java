package dev.outmail.submission.sendmail;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes over the files of a spool: publishes each, and deletes it when Kafka has acknowledged it.
/// For one thread.
///
/// A pass ends with the first mail that Kafka does not take: the others would wait as long for
/// nothing. The next begins with all that did not stay before, so that no mail waits behind one
/// that stays for ever.
final class Publishing {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    private static final int MOST_OPEN = 500;
    private static final int MOST_OPEN_BYTES = 8 << 20;

    private final Spool spool;
    private final Set<Path> stayed = new HashSet<>();
    private final ArrayDeque<Open> open = new ArrayDeque<>();
    private int openBytes;
    private int published;
    private int failed;
    private boolean kafkaRefuses;
    private @Nullable Throwable trouble;

    private record Open(Path file, int bytes, CompletableFuture<Receipt.Queued> receipt) {}

    Publishing(Spool spool) {
        this.spool = spool;
    }

    Pass pass(Outmail outmail) throws IOException {
        published = 0;
        failed = 0;
        kafkaRefuses = false;
        trouble = null;
        for (var file : inOrder(spool.files())) {
            publish(file, outmail);
            while (open.size() >= MOST_OPEN || openBytes >= MOST_OPEN_BYTES) {
                settleNext();
            }
            if (kafkaRefuses) {
                break;
            }
        }
        while (!open.isEmpty()) {
            settleNext();
        }
        if (published > 0) {
            spool.forceDeletions();
        }
        return new Pass(published, failed, trouble);
    }

    private List<Path> inOrder(List<Path> files) {
        stayed.retainAll(files);
        return files.stream().sorted((a, b) -> order(a) - order(b)).toList();
    }

    private int order(Path file) {
        return stayed.contains(file) ? 1 : 0;
    }

    private void publish(Path file, Outmail outmail) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            var mail = SpooledMail.read(bytes);
            if (mail.isEmpty()) {
                fail(file, "the file is not whole, or none of the spool");
                return;
            }
            var receipt = outmail.publish(mail.get().event());
            if (receipt.isCompletedExceptionally()) {
                settle(new Open(file, 0, receipt));
            } else {
                open.add(new Open(file, bytes.length, receipt));
                openBytes += bytes.length;
            }
        } catch (NoSuchFileException e) {
            // whoever handed it over was told that it could not be made safe
        } catch (AccessDeniedException e) {
            fail(file, "it can't be read by its folder's user: " + e.getMessage());
        } catch (InvalidMailEvent e) {
            fail(file, e.getMessage());
        } catch (IOException e) {
            stays(file, e);
        }
    }

    private void settleNext() throws IOException {
        var next = open.remove();
        openBytes -= next.bytes();
        settle(next);
    }

    private void settle(Open mail) throws IOException {
        try {
            mail.receipt().join();
            Files.deleteIfExists(mail.file());
            published++;
        } catch (CompletionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            if (isTooLarge(cause)) {
                fail(mail.file(), "Kafka: " + cause.getMessage());
            } else {
                kafkaRefuses = true;
                stays(mail.file(), cause);
            }
        }
    }

    private void stays(Path file, Throwable why) {
        stayed.add(file);
        trouble = why;
    }

    private static boolean isTooLarge(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }

    /// The reason may name recipients; it stays in the spool, which is the sender's own.
    private void fail(Path file, @Nullable String why) {
        try {
            spool.fail(file, "" + why);
        } catch (IOException e) {
            stays(file, e);
            return;
        }
        failed++;
        log.atWarn()
                .addKeyValue("file", file.getFileName())
                .addKeyValue("folder", spool.folder().resolve("failed"))
                .log("A mail can't be published; it is put aside, with the reason");
    }
}
