package dev.outmail.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks for a password: at a terminal without showing it, elsewhere as the first line of standard
/// input. Never as an argument, which other users of the machine could read.
///
/// @param terminal whether somebody is there to type it
/// @param typed what is typed, null where nothing is
/// @param in standard input
@SuppressWarnings("SystemConsoleNull") // it is null where input or output is no terminal
record PasswordPrompt(BooleanSupplier terminal, Supplier<char @Nullable []> typed, InputStream in) {

    static PasswordPrompt atTerminal() {
        return new PasswordPrompt(
                () -> System.console() != null && System.console().isTerminal(),
                PasswordPrompt::typedAtConsole,
                System.in);
    }

    private static char @Nullable [] typedAtConsole() {
        var console = System.console();
        return console == null ? null : console.readPassword("SMTP password (not shown): ");
    }

    String password() throws IOException {
        var password = terminal.getAsBoolean() ? fromTerminal() : line();
        if (password.isEmpty()) {
            throw Failure.wrongUsage(
                    "No password was given: type it, or write it to standard input as a line");
        }
        return password;
    }

    private String fromTerminal() {
        char[] password = typed.get();
        return password == null ? "" : new String(password);
    }

    private String line() throws IOException {
        var line =
                new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
        return line == null ? "" : line;
    }
}
