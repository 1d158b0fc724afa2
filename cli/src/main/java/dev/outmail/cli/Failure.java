package dev.outmail.cli;

/// What the user asked for can't be done, said in words for the user.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /// It was asked for rightly and failed.
    public Failure(String message) {
        this(message, Main.FAILED);
    }

    /// It was asked for wrongly.
    static Failure wrongUsage(String message) {
        return new Failure(message, Main.WRONG_USAGE);
    }

    int exitCode() {
        return exitCode;
    }
}
