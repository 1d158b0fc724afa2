package dev.outmail.console.audit;

import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The audit trail, for admins.
public final class AuditPages implements Pages {
    private static final Duration SHOWN = Duration.ofDays(30);
    private static final int MOST = 500;

    private final AuditTrail trail;
    private final Views views;
    private final InstantSource clock;

    public AuditPages(AuditTrail trail, Views views, InstantSource clock) {
        this.trail = trail;
        this.views = views;
        this.clock = clock;
    }

    record AuditPage(Frame frame, List<AuditEntry> entries) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/audit", this::show, Role.ADMIN);
    }

    private void show(Context context) {
        var entries = trail.since(clock.instant().minus(SHOWN), MOST);
        views.show(
                context,
                "audit/audit.jte",
                new AuditPage(Frame.of(context, "Audit trail"), entries));
    }
}
