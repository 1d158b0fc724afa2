package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import java.io.IOException;

/// A mail client under load.
interface Peer extends AutoCloseable {
    /// Sends all of a batch and returns when the server has taken the last mail; of a batch for
    /// Kafka, when all that is to follow has been written down, too.
    void send(Batch batch) throws Exception;

    /// Closes connections after a batch: the next one may be so late that the server has closed
    /// them.
    default void disconnect() throws Exception {}

    @Override
    void close() throws IOException;
}
