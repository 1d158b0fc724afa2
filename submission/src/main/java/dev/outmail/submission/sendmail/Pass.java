package dev.outmail.submission.sendmail;

import org.jspecify.annotations.Nullable;

/// What came of trying all that was in the spool.
///
/// @param published acknowledged by Kafka, and gone from the spool
/// @param failed put aside, since no event can be made of them
/// @param trouble why the others are still there; null where none are
record Pass(int published, int failed, @Nullable Throwable trouble) {
    static final Pass NOTHING = new Pass(0, 0, null);

    static Pass troubled(Throwable trouble) {
        return new Pass(0, 0, trouble);
    }

    boolean foundMail() {
        return published + failed > 0;
    }
}
