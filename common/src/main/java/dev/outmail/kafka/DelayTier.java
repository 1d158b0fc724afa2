package dev.outmail.kafka;

import java.time.Duration;

/// The delay topics, each for a fixed time; what waits longer goes through several. In ascending
/// order.
public enum DelayTier {
    TEN_SECONDS("10s", Duration.ofSeconds(10)),
    ONE_MINUTE("1m", Duration.ofMinutes(1)),
    FIVE_MINUTES("5m", Duration.ofMinutes(5)),
    THIRTY_MINUTES("30m", Duration.ofMinutes(30)),
    TWO_HOURS("2h", Duration.ofHours(2)),
    EIGHT_HOURS("8h", Duration.ofHours(8)),
    ONE_DAY("24h", Duration.ofHours(24));

    private final String written;
    private final Duration delay;

    DelayTier(String written, Duration delay) {
        this.written = written;
        this.delay = delay;
    }

    /// As topic names end.
    public String written() {
        return written;
    }

    public Duration delay() {
        return delay;
    }

    /// The longest that is not longer than this; the shortest where there is none.
    public static DelayTier fitting(Duration wait) {
        var fitting = TEN_SECONDS;
        for (var tier : values()) {
            if (tier.delay.compareTo(wait) <= 0) {
                fitting = tier;
            }
        }
        return fitting;
    }
}
