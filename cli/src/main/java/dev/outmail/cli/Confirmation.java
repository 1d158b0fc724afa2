package dev.outmail.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;

/// Asks before something is done to many.
///
/// @param terminal whether somebody is there to answer
@SuppressWarnings("SystemConsoleNull") // it is null where input or output is no terminal
record Confirmation(BooleanSupplier terminal, InputStream in, PrintWriter err) {

    static Confirmation atTerminal(PrintWriter err) {
        return new Confirmation(
                () -> System.console() != null && System.console().isTerminal(), System.in, err);
    }

    /// Whether to go on.
    ///
    /// @param what would be done, such as `Replay 12 dead letters`
    boolean given(String what) throws IOException {
        if (!terminal.getAsBoolean()) {
            throw Failure.wrongUsage(what + "? Say --yes, or --dry-run to see which they are");
        }
        err.print(what + "? [y/N] ");
        err.flush();
        var answer =
                new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
        return answer != null && answer.strip().matches("(?i)y|yes");
    }
}
