package dev.outmail.console.settings;

import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Visitor;
import dev.outmail.settings.Revision;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a profile's settings were: who changed what, when and why, and the way back.
public final class HistoryPages implements Pages {
    private final Site site;

    public HistoryPages(Site site) {
        this.site = site;
    }

    record Row(Revision revision, List<Change> changes) {}

    /// @param rows newest first
    /// @param difference between two revisions that were asked for; null where none were
    record HistoryPage(
            Frame frame,
            String profile,
            List<Row> rows,
            long from,
            long to,
            @Nullable List<Change> difference,
            boolean mayEdit) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/settings/{profile}/history", this::show, Role.VIEWER);
    }

    private void show(Context context) {
        var profile = OutgoingMailPages.profile(context);
        var revisions =
                site.store().history().stream()
                        .filter(r -> r.settings().profile().equals(profile))
                        .toList();
        long from = OutgoingMailPages.number(context.queryParam("from"));
        long to = OutgoingMailPages.number(context.queryParam("to"));
        site.views()
                .show(
                        context,
                        "settings/history.jte",
                        new HistoryPage(
                                Frame.of(context, "History of " + profile),
                                profile,
                                rows(revisions),
                                from,
                                to,
                                difference(revisions, from, to),
                                Visitor.of(context).mayAdminister()));
    }

    private static List<Row> rows(List<Revision> revisions) {
        var rows = new ArrayList<Row>();
        for (var revision : revisions.reversed()) {
            rows.add(new Row(revision, revision.changes().stream().map(Change::of).toList()));
        }
        return rows;
    }

    private static @Nullable List<Change> difference(List<Revision> revisions, long from, long to) {
        var one = find(revisions, from);
        var other = find(revisions, to);
        return one == null || other == null
                ? null
                : Change.between(one.settings().settings(), other.settings().settings());
    }

    private static @Nullable Revision find(List<Revision> revisions, long number) {
        return revisions.stream()
                .filter(r -> r.number() == number)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
