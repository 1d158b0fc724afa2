package dev.outmail.submission.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.outmail.testkit.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final byte[] RIGHT = "right".getBytes(UTF_8);
    private static final byte[] WRONG = "wrong".getBytes(UTF_8);

    @TempDir Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        var hash = BCrypt.withDefaults().hashToString(4, "right".toCharArray());
        file = Files.writeString(folder.resolve("users"), "app:" + hash + "\n");
    }

    @Test
    void aNameThatIsNoneTakesAsLongAsOneThatIs() {
        var users = new Users(file);
        long known = 0;
        long unknown = 0;
        for (int i = 0; i < 20; i++) {
            known += nanosOf(users, "app");
            unknown += nanosOf(users, "nobody");
        }

        assertThat((double) unknown / known).isBetween(0.25, 4.0);
    }

    /// Of this thread alone, however busy the machine is.
    private static long nanosOf(Users users, String name) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThat(users.isRight(name, WRONG)).isFalse();
        return threads.getCurrentThreadCpuTime() - before;
    }

    @Test
    void aFewPasswordsAreCheckedAtATimeAndThoseThatAreKnownDontWait() {
        var turns = new Semaphore(1);
        var users = new Users(file, turns);
        assertThat(users.isRight("app", RIGHT)).isTrue();
        turns.acquireUninterruptibly();

        var other = CompletableFuture.supplyAsync(() -> users.isRight("nobody", RIGHT));

        Await.until(SOON, turns::hasQueuedThreads, "the check waits for its turn");
        assertThat(users.wasRight("app", RIGHT)).isTrue();
        assertThat(users.wasRight("app", WRONG)).isFalse();
        turns.release();
        assertThat(other.join()).isFalse();
    }
}
