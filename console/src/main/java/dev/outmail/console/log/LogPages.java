package dev.outmail.console.log;

import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import dev.outmail.console.web.Visitor;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The mailing log, searched as one types, and one event's story.
final class LogPages implements Pages {
    private static final int PAGE = 50;

    private final MailingLog mailingLog;
    private final Views views;

    LogPages(MailingLog mailingLog, Views views) {
        this.mailingLog = mailingLog;
        this.views = views;
    }

    record LogPage(
            Frame frame,
            LogQuery query,
            List<String> outcomes,
            List<String> profiles,
            List<String> workers,
            RowsPart rows) {}

    /// @param older the query for what comes after the last row; empty where nothing does
    /// @param newer the query for the same rows as they are later; empty where they stay
    /// @param seen the newest entry that was shown before
    record RowsPart(
            Visitor visitor, List<Row> rows, String older, String newer, long seen, long behind) {
        boolean isFresh(Row row) {
            return seen > 0 && row.id() > seen;
        }

        static String storyOf(Row row) {
            return "/log/event?source="
                    + encoded(Objects.requireNonNullElse(row.source(), ""))
                    + "&id="
                    + encoded(Objects.requireNonNullElse(row.event(), ""));
        }
    }

    /// @param entry null where the log has it no more
    record Chapter(Row row, @Nullable LogEntry entry) {}

    record StoryPage(
            Frame frame, Visitor visitor, String source, String id, List<Chapter> chapters) {
        Row last() {
            return chapters.getLast().row();
        }
    }

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/log", this::show, Role.VIEWER);
        routes.get("/log/rows", this::rows, Role.VIEWER);
        routes.get("/log/event", this::story, Role.VIEWER);
        routes.post("/log/rebuild", this::rebuild, Role.ADMIN);
    }

    private void show(Context context) {
        var query = query(context);
        views.show(
                context,
                "log/log.jte",
                new LogPage(
                        Frame.of(context, "Mailing log"),
                        query,
                        Stream.of(OutcomeName.values()).map(OutcomeName::wireName).toList(),
                        mailingLog.profiles(),
                        mailingLog.workers(),
                        part(context, query)));
    }

    /// Who may not see addresses may not find them either.
    private static LogQuery query(Context context) {
        var text = parameter(context, "q");
        boolean mayRead = Visitor.of(context).mayOperate();
        return new LogQuery(
                mayRead ? text : "",
                mayRead ? "" : text,
                parameter(context, "outcome"),
                parameter(context, "profile"),
                parameter(context, "type"),
                parameter(context, "worker"),
                parameter(context, "revision").replaceAll("\\D", ""),
                moment(parameter(context, "since")).orElse(null),
                moment(parameter(context, "until")).orElse(null));
    }

    private static String parameter(Context context, String name) {
        return Objects.requireNonNullElse(context.queryParam(name), "").strip();
    }

    /// An instant, or how long ago as ISO 8601 has it (`PT1H`), which stays so for a page that is
    /// open.
    private static Optional<Instant> moment(String written) {
        try {
            return written.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            written.startsWith("P")
                                    ? Instant.now().minus(Duration.parse(written))
                                    : Instant.parse(written));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private void rows(Context context) {
        long changes = mailingLog.index().changes();
        if (Long.toString(changes).equals(context.queryParam("changes"))) {
            context.status(204);
            return;
        }
        views.show(context, "log/rows.jte", part(context, query(context)));
    }

    private RowsPart part(Context context, LogQuery query) {
        // Before the query: what comes in between is shown by the next one.
        long changes = mailingLog.index().changes();
        long before = number(parameter(context, "before"), Long.MAX_VALUE);
        var found = query.run(mailingLog.index(), before, PAGE + 1);
        var rows = found.subList(0, Math.min(PAGE, found.size()));
        var same = asked(context);
        return new RowsPart(
                Visitor.of(context),
                rows,
                found.size() > PAGE ? same + "before=" + rows.getLast().id() : "",
                before == Long.MAX_VALUE
                        ? same
                                + "changes="
                                + changes
                                + "&newest="
                                + (rows.isEmpty() ? 0 : rows.getFirst().id())
                        : "",
                number(parameter(context, "newest"), 0),
                mailingLog.behind());
    }

    /// The question, as a query string to be gone on with.
    private static String asked(Context context) {
        var asked = new StringBuilder();
        for (var name :
                new String[] {
                    "q", "outcome", "profile", "type", "worker", "revision", "since", "until"
                }) {
            var value = parameter(context, name);
            if (!value.isEmpty()) {
                asked.append(name).append('=').append(encoded(value)).append('&');
            }
        }
        return asked.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static long number(String written, long otherwise) {
        return written.matches("\\d{1,18}") ? Long.parseLong(written) : otherwise;
    }

    private void story(Context context) {
        var source = parameter(context, "source");
        var id = parameter(context, "id");
        var rows = LogQuery.story(mailingLog.index(), source, id);
        if (rows.isEmpty()) {
            throw new NotFoundResponse("The log has nothing about this event.");
        }
        var chapters = new ArrayList<Chapter>();
        for (var row : rows) {
            chapters.add(new Chapter(row, mailingLog.entry(row).orElse(null)));
        }
        views.show(
                context,
                "log/story.jte",
                new StoryPage(
                        Frame.of(context, "Event " + id),
                        Visitor.of(context),
                        source,
                        id,
                        chapters));
    }

    private void rebuild(Context context) {
        mailingLog.rebuild(context);
        context.redirect("/log");
    }
}
