package dev.outmail.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.Outmail;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final Map<String, String> OPEN = Map.of("topics.prefix", "open.");
    private static final Map<String, String> SLOW = Map.of("topics.prefix", "slow.");

    @AfterEach
    void close() {
        Connections.closeAll();
    }

    @Test
    void whatIsOpenIsHadWhileAnotherIsBeingOpened() throws Exception {
        var open = Connections.of(OPEN, config -> new InMemoryOutmail());
        var opening = new CountDownLatch(1);
        var found = new CountDownLatch(1);
        var opened = new AtomicInteger();
        Function<Map<String, String>, Outmail> slowly =
                config -> {
                    opened.incrementAndGet();
                    opening.countDown();
                    await(found);
                    return new InMemoryOutmail();
                };
        var first =
                CompletableFuture.supplyAsync(
                        () -> Connections.of(SLOW, slowly), Thread::startVirtualThread);
        await(opening);
        var second =
                CompletableFuture.supplyAsync(
                        () -> Connections.of(SLOW, slowly), Thread::startVirtualThread);

        var again =
                CompletableFuture.supplyAsync(
                        () -> Connections.of(OPEN, slowly), Thread::startVirtualThread);
        try {
            assertThat(again).succeedsWithin(10, TimeUnit.SECONDS).isSameAs(open);
        } finally {
            found.countDown();
        }

        assertThat(first.get(10, TimeUnit.SECONDS)).isSameAs(second.get(10, TimeUnit.SECONDS));
        assertThat(opened).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
