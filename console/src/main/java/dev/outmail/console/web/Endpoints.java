package dev.outmail.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;

/// What machines ask for: `/health/live`, `/health/ready` and `/metrics`.
public final class Endpoints implements Pages {
    private final PrometheusMeterRegistry registry;
    private final Supplier<Optional<String>> trouble;

    /// @param trouble what keeps the console from its work
    public Endpoints(PrometheusMeterRegistry registry, Supplier<Optional<String>> trouble) {
        this.registry = registry;
        this.trouble = trouble;
    }

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/health/live", context -> context.result("live\n"), Role.ANYONE);
        routes.get("/health/ready", this::ready, Role.ANYONE);
        routes.get(
                "/metrics",
                context ->
                        context.contentType("text/plain; version=0.0.4; charset=utf-8")
                                .result(registry.scrape()),
                Role.ANYONE);
    }

    private void ready(Context context) {
        var why = trouble.get();
        context.status(why.isPresent() ? 503 : 200).result(why.orElse("ready") + "\n");
    }
}
