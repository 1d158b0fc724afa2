package dev.outmail.bench;

import java.io.IOException;

/// Whoever sends mails as fast as it can.
interface Contender {
    /// What `--peer` and the tables call it.
    String label();

    /// Sends so many mails.
    ///
    /// @throws IOException when it could not; it can't be used any more
    Run run(int messages) throws IOException, InterruptedException;
}
