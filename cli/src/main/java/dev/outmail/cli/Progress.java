package dev.outmail.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows on standard error how far long work is: a bar on a terminal, a line every few seconds
/// elsewhere. Short work shows nothing elsewhere. Used by one thread.
@SuppressWarnings(
        "SystemConsoleNull") // it is null where standard input or output is no terminal and
// jdk.console is java.base
public final class Progress implements AutoCloseable {
    private static final long LINE_INTERVAL_NANOS = 3_000_000_000L;

    private final String task;
    private final long total;
    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private final @Nullable ProgressBar bar;
    private long done;
    private long lastLineNanos;

    private Progress(String task, long total, PrintWriter err, LongSupplier nanoTime) {
        this.task = task;
        this.total = total;
        this.err = err;
        this.nanoTime = nanoTime;
        this.lastLineNanos = nanoTime.getAsLong();
        var console = System.console();
        this.bar = console != null && console.isTerminal() ? bar(task, total) : null;
    }

    /// Starts to show it.
    ///
    /// @param total how much there is to do; -1 when that is not known
    public static Progress of(String task, long total, PrintWriter err) {
        return new Progress(task, total, err, System::nanoTime);
    }

    private static ProgressBar bar(String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .showSpeed()
                .build();
    }

    public void to(long count) {
        done = count;
        if (bar != null) {
            bar.stepTo(count);
        } else if (nanoTime.getAsLong() - lastLineNanos > LINE_INTERVAL_NANOS) {
            lastLineNanos = nanoTime.getAsLong();
            err.println(task + ": " + done + (total < 0 ? "" : " of " + total));
            err.flush();
        }
    }

    public void step() {
        to(done + 1);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
