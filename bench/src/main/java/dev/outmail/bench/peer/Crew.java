package dev.outmail.bench.peer;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// Threads that do the same until there is no more to do.
final class Crew {
    private static final ThreadFactory PLATFORM = Thread.ofPlatform().name("crew-", 0).factory();
    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().name("crew-", 0).factory();

    private Crew() {}

    interface Work {
        void run() throws Exception;
    }

    static void platform(int size, Work work) throws Exception {
        run(PLATFORM, size, work);
    }

    static void virtual(int size, Work work) throws Exception {
        run(VIRTUAL, size, work);
    }

    /// Does the work in so many threads and returns when all have ended, or throws when the first
    /// fails.
    private static void run(ThreadFactory threads, int size, Work work) throws Exception {
        Callable<Void> one =
                () -> {
                    work.run();
                    return null;
                };
        try (var executor = Executors.newThreadPerTaskExecutor(threads)) {
            var ended = new ExecutorCompletionService<Void>(executor);
            try {
                for (int i = 0; i < size; i++) {
                    var _ = ended.submit(one);
                }
                for (int i = 0; i < size; i++) {
                    ended.take().get();
                }
            } catch (ExecutionException e) {
                executor.shutdownNow();
                throw new IllegalStateException("a mail was not sent", e.getCause());
            }
        }
    }
}
