package dev.outmail.worker;

import dev.outmail.delivery.MeansState;
import dev.outmail.delivery.MeansState.Condition;
import dev.outmail.delivery.smtp.Closure;
import dev.outmail.delivery.smtp.PoolState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The meters of servers, which come and go with the settings: their labels are what these name.
/// Guarded by this object's monitor.
final class ServerMeters {
    private final MeterRegistry registry;
    private final MultiGauge breakers;
    private final MultiGauge open;
    private final MultiGauge connections;
    private final MultiGauge most;
    private final MultiGauge waiting;
    private final Map<String, Closures> closures = new HashMap<>();

    ServerMeters(MeterRegistry registry) {
        this.registry = registry;
        breakers = gauge("outmail.breaker.state", "1 for the state that the breaker is in");
        open = gauge("outmail.breaker.open", "1 while a server is left alone, and why");
        connections = gauge("outmail.smtp.connections", "Connections to a server");
        most = gauge("outmail.smtp.connections.limit", "The most that this worker may have");
        waiting = gauge("outmail.smtp.waiting", "Messages that wait for room or a connection");
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /// How many connections to a server were closed so far, since it is in use.
    private static final class Closures {
        private final List<FunctionCounter> counters = new ArrayList<>();
        private Map<Closure, Integer> counts = Map.of();

        private double count(Closure why) {
            return counts.getOrDefault(why, 0);
        }
    }

    synchronized void update(List<MeansState> states) {
        var breakerRows = new ArrayList<Row<?>>();
        var openRows = new ArrayList<Row<?>>();
        var connectionRows = new ArrayList<Row<?>>();
        for (var state : states) {
            for (var condition : Condition.values()) {
                breakerRows.add(
                        Row.of(
                                server(state).and("state", condition.wireName()),
                                state.breaker() == condition ? 1 : 0));
            }
            var trouble = state.trouble();
            if (trouble != null) {
                openRows.add(Row.of(server(state).and("reason", trouble.wireName()), 1));
            }
            var pool = state.connections();
            if (pool != null) {
                connectionRows.add(Row.of(server(state).and("state", "active"), pool.active()));
                connectionRows.add(Row.of(server(state).and("state", "idle"), pool.idle()));
                closed(state.name(), pool);
            }
        }
        breakers.register(breakerRows, true);
        open.register(openRows, true);
        connections.register(connectionRows, true);
        var pools = states.stream().filter(state -> state.connections() != null).toList();
        waiting.register(Rows.of(pools, "server", MeansState::name, MeansState::waiting), true);
        most.register(
                Rows.of(
                        pools,
                        "server",
                        MeansState::name,
                        state -> Objects.requireNonNull(state.connections()).size()),
                true);
        forgetAllBut(states);
    }

    private static Tags server(MeansState state) {
        return Tags.of("server", state.name());
    }

    private void closed(String server, PoolState pool) {
        closures.computeIfAbsent(server, this::begin).counts = pool.closures();
    }

    private Closures begin(String server) {
        var begun = new Closures();
        for (var why : Closure.values()) {
            begun.counters.add(
                    FunctionCounter.builder("outmail.smtp.closures", begun, it -> it.count(why))
                            .description("Connections closed")
                            .tags("server", server, "reason", why.wireName())
                            .register(registry));
        }
        return begun;
    }

    private void forgetAllBut(List<MeansState> states) {
        var names = new HashSet<String>();
        states.forEach(state -> names.add(state.name()));
        closures.entrySet()
                .removeIf(server -> {
                    boolean gone = !names.contains(server.getKey());
                    if (gone) {
                        server.getValue().counters.forEach(registry::remove);
                    }
                    return gone;
                });
    }
}
