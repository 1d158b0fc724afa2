package dev.outmail.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a command line did, run in this JVM.
record Ran(int exitCode, String out, String err) {

    static Ran outmail(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
