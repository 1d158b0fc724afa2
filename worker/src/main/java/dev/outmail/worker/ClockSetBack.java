package dev.outmail.worker;

import java.time.Duration;

/// The machine's clock was set back, and Kafka's clients wait by it: they would stand still for as
/// long. A worker that starts anew has clients that know no other time.
final class ClockSetBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClockSetBack(Duration by) {
        super("the machine's clock was set back by " + by);
    }
}
