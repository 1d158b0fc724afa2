/// The fault suite: real workers and a real broker, killed, frozen and restarted, servers that
/// break, and an oracle that compares what was published, what arrived and what the log says.
@NullMarked
package dev.outmail.systemtest.faults;

import org.jspecify.annotations.NullMarked;
