package dev.outmail.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Makes a table of what contenders did in rounds. A ratio is the median of the rounds' ratios, so
/// that what slowed a whole round down is no matter.
final class LoadTable {
    private final List<Map<String, Run>> rounds;

    private LoadTable(List<Map<String, Run>> rounds) {
        this.rounds = rounds;
    }

    /// Writes it.
    ///
    /// @param contenders in the order of the rows
    static String of(List<Map<String, Run>> rounds, List<String> contenders, String ours) {
        return new LoadTable(rounds).table(contenders, ours);
    }

    private String table(List<String> contenders, String ours) {
        var table =
                new Table(
                        "contender",
                        "messages/s [min–max]",
                        "client CPU s per 10,000",
                        "× " + SmtpSource.LABEL,
                        "× " + ours);
        for (var contender : contenders) {
            spread(contender, Run::messagesPerSecond)
                    .ifPresent(speed ->
                            table.row(
                                    List.of(
                                            contender,
                                            speed(speed),
                                            figure(cpu(contender)),
                                            figure(ratio(contender, SmtpSource.LABEL)),
                                            figure(ratio(contender, ours)))));
        }
        return table.toString();
    }

    private Optional<Spread> cpu(String contender) {
        return spread(contender, Run::cpuSecondsPer10000);
    }

    private Optional<Spread> spread(String contender, ToDoubleFunction<Run> figure) {
        return Spread.ofAny(
                rounds.stream()
                        .map(round -> round.get(contender))
                        .filter(Objects::nonNull)
                        .map(figure::applyAsDouble)
                        .toList());
    }

    private Optional<Spread> ratio(String contender, String reference) {
        return Spread.ofAny(
                rounds.stream()
                        .filter(round ->
                                round.containsKey(contender) && round.containsKey(reference))
                        .map(round ->
                                round.get(contender).messagesPerSecond()
                                        / round.get(reference).messagesPerSecond())
                        .toList());
    }

    private static String speed(Spread speed) {
        return speed.median() < 100
                ? speed.toString("%,.1f [%,.1f–%,.1f]")
                : speed.toString("%,.0f [%,.0f–%,.0f]");
    }

    private static String figure(Optional<Spread> figure) {
        return figure.map(known -> String.format(Locale.ROOT, "%.2f", known.median())).orElse("–");
    }
}
