package dev.outmail.cli;

import dev.outmail.fleet.Applied;
import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Member;
import dev.outmail.fleet.Sighting;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The fleet, in words.
final class FleetText {
    private FleetText() {}

    /// A member and all that it says.
    static String of(FleetView fleet, Sighting sighting) {
        var member = sighting.member();
        var text = new StringBuilder();
        text.append(kind(member)).append(' ').append(member.id());
        text.append(", Outmail ").append(member.version()).append(" on ").append(member.host());
        text.append(", since ").append(member.since().truncatedTo(ChronoUnit.SECONDS));
        text.append(", heard ").append(seconds(fleet.silence(sighting))).append(" ago");
        if (member.kind() == Member.Kind.WORKER) {
            line(text, "partitions", member.partitions().isEmpty() ? "none" : list(member));
            line(text, "in flight", Integer.toString(member.inFlight()));
        }
        line(text, "applied", applied(member));
        if (!member.refused().isEmpty()) {
            line(text, "REFUSED", "the last settings of " + String.join(", ", member.refused()));
        }
        new TreeMap<>(member.locks())
                .forEach((field, value) -> line(text, "locked", field + " = " + value));
        new TreeMap<>(member.troubled())
                .forEach((server, why) -> line(text, "waits for", server + " (" + why + ")"));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("\n  %-10s ".formatted(name)).append(value);
    }

    private static String list(Member member) {
        return member.partitions().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String applied(Member member) {
        return member.applied().isEmpty()
                ? "no settings yet"
                : new TreeMap<>(member.applied())
                        .entrySet().stream()
                                .map(one -> one.getKey() + " revision " + one.getValue())
                                .collect(Collectors.joining(", "));
    }

    private static String kind(Member member) {
        return switch (member.kind()) {
            case WORKER -> "Worker";
            case APPLICATION -> "Application";
        };
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }

    /// Who goes by a revision, in one line, and who doesn't, in a line each.
    static String of(FleetView fleet, Applied applied, String profile, long revision) {
        var text = new StringBuilder();
        int all = applied.by().size() + applied.laggards().size();
        if (all == 0) {
            return "Nobody is alive to apply it: start a worker with: outmail worker";
        }
        text.append("Revision ").append(revision).append(" applied by ");
        text.append(
                List.of(Member.Kind.values()).stream()
                        .filter(kind -> count(kind, applied.by(), applied.laggards()) > 0)
                        .map(kind -> share(kind, applied))
                        .collect(Collectors.joining(" and ")));
        text.append(" in ").append(applied.took().toMillis()).append(" ms");
        for (var laggard : applied.laggards()) {
            var member = laggard.member();
            text.append("\n  not by ").append(kind(member).toLowerCase(Locale.ROOT));
            text.append(' ').append(member.id()).append(" on ").append(member.host());
            var at = member.applied().get(profile);
            text.append(at == null ? ", without settings" : ", which still goes by revision " + at);
            text.append(", heard ").append(seconds(fleet.silence(laggard))).append(" ago");
        }
        return text.toString();
    }

    private static String share(Member.Kind kind, Applied applied) {
        int done = count(kind, applied.by(), List.of());
        int all = count(kind, applied.by(), applied.laggards());
        var name = kind.name().toLowerCase(Locale.ROOT) + (all == 1 ? "" : "s");
        return done + " of " + all + " " + name;
    }

    private static int count(
            Member.Kind kind, Collection<Sighting> some, Collection<Sighting> others) {
        return (int)
                (some.stream().filter(one -> one.member().kind() == kind).count()
                        + others.stream().filter(one -> one.member().kind() == kind).count());
    }
}
