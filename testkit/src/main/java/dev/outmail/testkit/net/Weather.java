package dev.outmail.testkit.net;

import java.time.Duration;

/// What a network is like, each way of each connection.
///
/// @param latency by which every byte comes later
/// @param bytesPerSecond at most; [#UNLIMITED] for what loopback has
/// @param slice bytes that arrive together at most; [#UNLIMITED] for as many as there are
/// @param cutAfter bytes after which the connection is reset; [#UNLIMITED] for never
public record Weather(Duration latency, long bytesPerSecond, int slice, long cutAfter) {
    public static final int UNLIMITED = Integer.MAX_VALUE;

    public Weather {
        if (latency.isNegative() || bytesPerSecond < 1 || slice < 1 || cutAfter < 1) {
            throw new IllegalArgumentException("no such weather");
        }
    }

    /// Nothing but a delay.
    public static Weather far(Duration latency) {
        return new Weather(latency, UNLIMITED, UNLIMITED, UNLIMITED);
    }

    public Weather withBytesPerSecond(long most) {
        return new Weather(latency, most, slice, cutAfter);
    }

    public Weather withSlices(int bytes) {
        return new Weather(latency, bytesPerSecond, bytes, cutAfter);
    }

    public Weather withCutAfter(long bytes) {
        return new Weather(latency, bytesPerSecond, slice, bytes);
    }
}
