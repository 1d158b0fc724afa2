package dev.outmail.submission.sendmail;

/// How the command ends, by `sysexits.h`, as callers of sendmail know it.
///
/// No EX_TEMPFAIL (75): PHP takes it for success, since sendmail has queued the mail then, and this
/// command never has when it fails.
enum ExitCode {
    OK(0),
    USAGE(64),
    DATA(65),
    NO_RECIPIENT(67),
    FAILED(70),
    CANT_CREATE(73),
    IO(74),
    CONFIG(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
