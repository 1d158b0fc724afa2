package dev.outmail.console.fleet;

import dev.outmail.console.fleet.FleetFollower.Fleet;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import dev.outmail.fleet.Member;
import dev.outmail.fleet.Sighting;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Who is alive and what they do, and how it went over time.
public final class FleetPages implements Pages {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration SHOWN = Duration.ofHours(3);

    private final FleetFollower follower;
    private final FleetSeries series;
    private final Function<Instant, Map<String, Map<Long, Long>>> tally;
    private final Views views;

    /// @param tally entries of the log since a moment, by outcome and minute
    public FleetPages(
            FleetFollower follower,
            FleetSeries series,
            Function<Instant, Map<String, Map<Long, Long>>> tally,
            Views views) {
        this.follower = follower;
        this.series = series;
        this.tally = tally;
        this.views = views;
    }

    record FleetPage(Frame frame, FleetPart part) {}

    /// @param inLastMinutes entries of the log in the last five
    record FleetPart(Fleet fleet, long queued, Duration age, Map<String, Long> inLastMinutes) {
        long workers() {
            return fleet.alive().stream()
                    .filter(s -> s.member().kind() == Member.Kind.WORKER)
                    .count();
        }

        int inFlight() {
            return fleet.alive().stream().mapToInt(s -> s.member().inFlight()).sum();
        }

        static String partitions(Sighting sighting) {
            var partitions = sighting.member().partitions().stream().sorted().toList();
            return partitions.isEmpty()
                    ? "–"
                    : partitions.toString().substring(1, partitions.toString().length() - 1);
        }

        static Map<String, Long> applied(Sighting sighting) {
            return new TreeMap<>(sighting.member().applied());
        }

        static String age(Duration duration) {
            return duration.toMinutes() < 2
                    ? duration.toSeconds() + " s"
                    : duration.toHours() < 2
                            ? duration.toMinutes() + " min"
                            : duration.toHours() + " h";
        }
    }

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/fleet", this::show, Role.VIEWER);
        routes.get(
                "/fleet/now", context -> views.show(context, "fleet/now.jte", part()), Role.VIEWER);
        routes.get("/fleet/series", this::series, Role.VIEWER);
    }

    private void show(Context context) {
        views.show(context, "fleet/fleet.jte", new FleetPage(Frame.of(context, "Fleet"), part()));
    }

    private FleetPart part() {
        var samples = series.samples();
        var recent = new TreeMap<String, Long>();
        tally.apply(Instant.now().minus(Duration.ofMinutes(5)))
                .forEach((outcome, minutes) ->
                        recent.put(
                                outcome,
                                minutes.values().stream().mapToLong(Long::longValue).sum()));
        return new FleetPart(
                follower.fleet(),
                series.queued(),
                samples.isEmpty() ? Duration.ZERO : samples.getLast().age(),
                recent);
    }

    /// `at` (seconds since 1970), `queued`, `age` (seconds) and `inFlight`, by sample; `minutes`
    /// (likewise) and `outcomes` by name, by minute.
    private void series(Context context) {
        var json = JSON.createObjectNode();
        var at = json.putArray("at");
        var queued = json.putArray("queued");
        var age = json.putArray("age");
        var inFlight = json.putArray("inFlight");
        for (var sample : series.samples()) {
            at.add(sample.at().getEpochSecond());
            queued.add(sample.queued());
            age.add(sample.age().toSeconds());
            inFlight.add(sample.inFlight());
        }
        outcomes(json);
        context.contentType("application/json").result(JSON.writeValueAsString(json));
    }

    private void outcomes(ObjectNode json) {
        long now = Instant.now().getEpochSecond() / 60;
        long first = now - SHOWN.toMinutes();
        var minutes = json.putArray("minutes");
        for (long minute = first; minute <= now; minute++) {
            minutes.add(minute * 60);
        }
        var outcomes = json.putObject("outcomes");
        new TreeMap<>(tally.apply(Instant.now().minus(SHOWN)))
                .forEach((outcome, counts) -> {
                    var values = outcomes.putArray(outcome);
                    for (long minute = first; minute <= now; minute++) {
                        values.add(counts.getOrDefault(minute, 0L));
                    }
                });
    }
}
