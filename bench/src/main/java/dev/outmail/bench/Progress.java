package dev.outmail.bench;

import java.io.PrintWriter;

/// Says on standard error how far a scenario is.
record Progress(String scenario, PrintWriter err) {
    void say(String what) {
        err.println(scenario + ": " + what);
        err.flush();
    }
}
