package dev.outmail.systemtest.faults;

import dev.outmail.testkit.smtp.SinkLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How fast messages came to a server.
///
/// @param perSecond from the first to the last
/// @param peak most in one second
record Pace(double perSecond, long peak) {
    static Pace of(List<SinkLine> lines) {
        var times = lines.stream().map(SinkLine::at).sorted().toList();
        var first = times.getFirst();
        var took = Duration.between(first, times.getLast()).plusMillis(1);
        var seconds =
                times.stream()
                        .map(at -> second(first, at))
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long peak = seconds.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return new Pace(times.size() * 1_000.0 / took.toMillis(), peak);
    }

    private static long second(Instant first, Instant at) {
        return Duration.between(first, at).toSeconds();
    }
}
