package dev.outmail.submission.sendmail;

/// A call that ends with no mail in the spool.
final class NotTaken extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    NotTaken(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
