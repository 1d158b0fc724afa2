package dev.outmail.console.log;

import dev.outmail.console.settings.Site;
import dev.outmail.console.settings.WorkerTestPages.Told;
import dev.outmail.console.web.Pages;
import dev.outmail.deadletters.SilentMail.Silenced;
import dev.outmail.fleet.Sighting;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The mailing log: its index, what feeds it, and its pages.
public final class MailingLog implements Pages, AutoCloseable {
    private final Site site;
    private final LogIndex index;
    private final LogFeed feed;

    public MailingLog(Site site) {
        this.site = site;
        this.index = LogIndex.in(site.deployment().console().data());
        this.feed = new LogFeed(site.clients(), site.deployment(), index);
    }

    @Override
    public void serve(RoutesConfig routes) {
        new LogPages(this, site.views()).serve(routes);
        var shelf = new MailShelf(site.clients(), site.deployment(), site.tail());
        new MailPages(shelf, site.audit(), site.views()).serve(routes);
    }

    LogIndex index() {
        return index;
    }

    /// How many entries are not in the index yet.
    public long behind() {
        return feed.behind();
    }

    /// What keeps it from being read.
    public Optional<String> trouble() {
        return feed.trouble();
    }

    /// How many entries of each outcome there were, by minute since 1970.
    public Map<String, Map<Long, Long>> tally(Instant since) {
        return index.tally(since);
    }

    List<String> profiles() {
        return site.profiles();
    }

    List<String> workers() {
        return site.fleet().fleet().alive().stream()
                .map(Sighting::member)
                .map(m -> m.id())
                .toList();
    }

    /// All of an entry, as the log has it.
    Optional<LogEntry> entry(Row row) {
        var topic = site.deployment().topics().log();
        return Records.at(site.clients(), topic, row.logPartition(), row.logOffset())
                .flatMap(record -> LogEntryCodec.decode(record.value()));
    }

    /// A mail that was silenced, to be released.
    ///
    /// @param recipients the first ones, parted by spaces
    public record SilentEntry(
            long id,
            String name,
            String subject,
            String recipients,
            String profile,
            Silenced mail) {}

    /// That of an entry; empty where it is none.
    public Optional<SilentEntry> silenced(long id) {
        return index.row(id)
                .filter(row -> row.outcome().equals("silenced") && row.hasMail())
                .map(row ->
                        new SilentEntry(
                                row.id(),
                                row.source() + "#" + row.event(),
                                Objects.requireNonNullElse(row.subject(), ""),
                                row.recipients(),
                                Objects.requireNonNullElse(row.profile(), "default"),
                                new Silenced(
                                        row.eventPartition(), row.eventOffset(), row.attempt())));
    }

    /// What there is last of an event.
    public Optional<Told> told(String source, String id) {
        var rows = LogQuery.story(index, source, id);
        return rows.isEmpty() ? Optional.empty() : Optional.of(told(rows.getLast()));
    }

    private static Told told(Row row) {
        var by =
                row.connection() == null
                        ? ""
                        : ", %s, revision %d".formatted(row.connection(), row.revision());
        return new Told(
                row.outcome(),
                row.worker(),
                by,
                row.detail().isEmpty() ? row.reason() : row.detail(),
                LogPages.RowsPart.storyOf(row));
    }

    void rebuild(Context context) {
        site.audit().record(context, "log.rebuild", "index", "");
        feed.rebuild();
    }

    @Override
    public void close() {
        feed.close();
        index.close();
    }
}
