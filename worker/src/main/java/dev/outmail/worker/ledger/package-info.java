/// The ledger: what was attempted for which event, partition by partition, so that none is sent
/// twice. It is kept in memory within a window, and in a topic for whoever has the partition next.
@NullMarked
package dev.outmail.worker.ledger;

import org.jspecify.annotations.NullMarked;
