package dev.outmail.console.probe;

import java.time.Duration;

/// One step of a test, and how it ended.
///
/// @param words the server's, or what was seen; printable
/// @param advice what to do about it; empty where nothing is to be done
public record Step(String name, Result result, Duration took, String words, String advice) {
    /// How a step ended.
    public enum Result {
        OK,
        FAILED,
        SKIPPED
    }

    static Step skipped(String name, String words) {
        return new Step(name, Result.SKIPPED, Duration.ZERO, words, "");
    }

    /// As style sheets know it.
    public String mark() {
        return switch (result) {
            case OK -> "ok";
            case FAILED -> "failed";
            case SKIPPED -> "skipped";
        };
    }

    /// As people read it.
    public String sign() {
        return switch (result) {
            case OK -> "✓";
            case FAILED -> "✗";
            case SKIPPED -> "–";
        };
    }
}
