package dev.outmail.cli;

import java.util.concurrent.ExecutionException;

/// How a program that stays comes to its end: by SIGTERM or SIGINT, in good order, or by itself.
final class Shutdown {
    /// What stays.
    interface Program {
        /// Returns when the program was closed.
        ///
        /// @throws ExecutionException when it can't go on
        void awaitEnd() throws InterruptedException, ExecutionException;
    }

    private Shutdown() {}

    /// Waits for the end and closes, once. After a signal the exit code is 0: the JVM by itself
    /// would end with 143, which says that it was killed. A program that ended by itself has
    /// failed.
    static int stay(Program program, Runnable close) throws InterruptedException {
        var hook =
                Thread.ofPlatform()
                        .name("outmail-shutdown")
                        .unstarted(() -> {
                            close.run();
                            Runtime.getRuntime().halt(Main.DONE);
                        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            program.awaitEnd();
            return Main.DONE;
        } catch (ExecutionException e) {
            throw new Failure("Outmail can't go on: " + e.getCause());
        } finally {
            if (withdrawn(hook)) {
                close.run();
            }
        }
    }

    /// False once a signal came: then the hook closes, and says the exit code.
    private static boolean withdrawn(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
