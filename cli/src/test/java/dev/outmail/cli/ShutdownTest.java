package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void aProgramThatCanNotGoOnFailsAndIsClosedOnce() {
        assertThatThrownBy(() ->
                        Shutdown.stay(
                                () -> {
                                    throw new ExecutionException(new IOException("disk gone"));
                                },
                                closed::incrementAndGet))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(1))
                .hasMessageContaining("disk gone");

        assertThat(closed).hasValue(1);
    }

    @Test
    void aProgramThatEndsIsClosedOnce() throws InterruptedException {
        int exitCode = Shutdown.stay(() -> {}, closed::incrementAndGet);

        assertThat(exitCode).isZero();
        assertThat(closed).hasValue(1);
    }
}
