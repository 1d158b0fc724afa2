package dev.outmail.cli.demo;

import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.MailEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/// What was published against what arrived: every recipient of every event must have got exactly
/// one copy, and nobody anything else.
///
/// @param copies that should arrive: one for each recipient of each event
/// @param arrived of those, each counted once
/// @param lost of those, never seen
/// @param doubled arrivals beyond the first of a copy
/// @param unknown arrivals that nobody published
/// @param median from publish to delivery
/// @param percentile99 the same, which one in a hundred exceeds
/// @param wall from the first publish to the last arrival
record Tally(
        int copies,
        int arrived,
        int lost,
        int doubled,
        int unknown,
        Duration median,
        Duration percentile99,
        Duration wall) {

    private record Copy(String messageId, String recipient) {}

    /// @param publishedNanos when each event was published, on the clock of the arrivals
    static Tally of(Map<MailEvent, Long> publishedNanos, Collection<MailCatcher.Arrival> arrivals) {
        var expected = expected(publishedNanos);
        var latencies = new HashMap<Copy, Long>();
        int doubled = 0;
        int unknown = 0;
        for (var arrival : arrivals) {
            var copy = new Copy(arrival.messageId(), arrival.recipient());
            var published = expected.get(copy);
            if (published == null) {
                unknown++;
            } else if (latencies.putIfAbsent(copy, arrival.nanos() - published) != null) {
                doubled++;
            }
        }
        var sorted = latencies.values().stream().mapToLong(Long::longValue).sorted().toArray();
        return new Tally(
                expected.size(),
                latencies.size(),
                expected.size() - latencies.size(),
                doubled,
                unknown,
                percentile(sorted, 0.50),
                percentile(sorted, 0.99),
                wall(publishedNanos.values(), arrivals));
    }

    private static Map<Copy, Long> expected(Map<MailEvent, Long> publishedNanos) {
        var expected = new HashMap<Copy, Long>();
        publishedNanos.forEach((event, nanos) -> {
            var messageId = MessageId.of(event);
            for (var recipient : event.addressing().recipients()) {
                expected.put(new Copy(messageId, recipient.toString()), nanos);
            }
        });
        return expected;
    }

    private static Duration wall(
            Collection<Long> publishedNanos, Collection<MailCatcher.Arrival> arrivals) {
        if (publishedNanos.isEmpty() || arrivals.isEmpty()) {
            return Duration.ZERO;
        }
        var last = arrivals.stream().mapToLong(MailCatcher.Arrival::nanos).max().orElseThrow();
        return Duration.ofNanos(last - Collections.min(publishedNanos));
    }

    private static Duration percentile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(sorted[(int) Math.ceil(sorted.length * share) - 1]);
    }

    boolean right() {
        return lost == 0 && doubled == 0 && unknown == 0;
    }
}
