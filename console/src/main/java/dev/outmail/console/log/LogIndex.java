package dev.outmail.console.log;

import dev.outmail.wire.LogEntry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The mailing log in an index. One thread writes; entries and how far the topic was read become
/// visible together.
final class LogIndex implements AutoCloseable {
    private static final int TIME_SHIFT = 12;
    private static final int SHOWN_DETAIL = 300;
    private static final int SHOWN_RECIPIENTS = 20;
    private static final int SEARCHED_RECIPIENTS = 1_000;
    private static final String INSERT =
            "INSERT INTO entry VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

    private final IndexFile file;
    private final AtomicLong changes = new AtomicLong();

    private LogIndex(IndexFile file) {
        this.file = file;
    }

    static LogIndex in(Path folder) {
        return new LogIndex(IndexFile.in(folder));
    }

    /// An entry, where the log has it, and its event's subject where that can be read.
    record Item(LogEntry entry, int partition, long offset, @Nullable String subject) {}

    /// Grows with each change, so that who has seen one knows whether there is more to see.
    long changes() {
        return changes.get();
    }

    IndexFile file() {
        return file;
    }

    /// The lowest id of an entry of that time or later.
    static long idOf(Instant at) {
        return at.toEpochMilli() << TIME_SHIFT;
    }

    static Instant timeOf(long id) {
        return Instant.ofEpochMilli(id >> TIME_SHIFT);
    }

    /// How far each partition was read; nothing where the index is of another topic.
    Map<Integer, Long> places(String topicId) {
        return file.read(connection -> {
            var places = new HashMap<Integer, Long>();
            try (var statement = connection.createStatement()) {
                try (var origin = statement.executeQuery("SELECT topic_id FROM origin")) {
                    if (!origin.next() || !topicId.equals(origin.getString(1))) {
                        return places;
                    }
                }
                try (var rows = statement.executeQuery("SELECT partition, next FROM place")) {
                    while (rows.next()) {
                        places.put(rows.getInt(1), rows.getLong(2));
                    }
                }
            }
            return places;
        });
    }

    /// Begins anew.
    void clear(String topicId) throws SQLException {
        var writer = file.writer();
        try (var statement = writer.createStatement();
                var origin = writer.prepareStatement("INSERT INTO origin VALUES(?)")) {
            for (var sql : Schema.CLEAR) {
                statement.execute(sql);
            }
            origin.setString(1, topicId);
            origin.execute();
            writer.commit();
        } catch (SQLException e) {
            writer.rollback();
            throw e;
        }
        changes.incrementAndGet();
    }

    /// Takes in entries, and notes how far that is; both or neither.
    void add(List<Item> items, Map<Integer, Long> places) throws SQLException {
        var writer = file.writer();
        try (var entry = writer.prepareStatement(INSERT);
                var words = writer.prepareStatement("INSERT INTO words(rowid, text) VALUES(?,?)");
                var taken = writer.prepareStatement("SELECT 1 FROM entry WHERE id=?")) {
            for (var item : items) {
                add(item, entry, words, taken);
            }
            tally(writer, items);
            remember(writer, places);
            writer.commit();
        } catch (SQLException e) {
            writer.rollback();
            throw e;
        }
        changes.incrementAndGet();
    }

    private static void add(
            Item item, PreparedStatement row, PreparedStatement words, PreparedStatement taken)
            throws SQLException {
        var entry = item.entry();
        long id = freeId(item, taken);
        var event = entry.event();
        var record = entry.record();
        row.setLong(1, id);
        row.setLong(2, entry.at().toEpochMilli());
        row.setString(3, entry.outcome().wireName());
        row.setString(4, entry.reason());
        row.setString(5, beginning(entry.detail()));
        row.setString(6, event == null ? null : event.source());
        row.setString(7, event == null ? null : event.id());
        row.setString(8, event == null ? null : event.type());
        row.setString(9, item.subject());
        row.setString(10, shown(entry.recipients()));
        row.setString(11, entry.profile());
        row.setLong(12, entry.revision());
        row.setString(13, entry.connection());
        row.setString(14, entry.worker());
        row.setInt(15, entry.attempt());
        row.setInt(16, item.partition());
        row.setLong(17, item.offset());
        if (record == null) {
            row.setNull(18, Types.INTEGER);
            row.setNull(19, Types.INTEGER);
        } else {
            row.setInt(18, record.partition());
            row.setLong(19, record.offset());
        }
        row.execute();
        words.setLong(1, id);
        words.setString(2, Words.of(entry, item.subject(), searched(entry.recipients())));
        words.execute();
    }

    /// Of the same millisecond there are few.
    private static long freeId(Item item, PreparedStatement taken) throws SQLException {
        long id =
                idOf(item.entry().at())
                        | ((item.partition() & 0x3fL) << 6)
                        | (item.offset() & 0x3f);
        while (true) {
            taken.setLong(1, id);
            try (var found = taken.executeQuery()) {
                if (!found.next()) {
                    return id;
                }
            }
            id++;
        }
    }

    private static String beginning(String detail) {
        return detail.length() <= SHOWN_DETAIL ? detail : detail.substring(0, SHOWN_DETAIL) + "…";
    }

    private static String shown(List<LogEntry.Recipient> recipients) {
        var first =
                recipients.stream()
                        .limit(SHOWN_RECIPIENTS)
                        .map(LogEntry.Recipient::address)
                        .collect(Collectors.joining(" "));
        int more = recipients.size() - SHOWN_RECIPIENTS;
        return more > 0 ? first + " +" + more : first;
    }

    private static String searched(List<LogEntry.Recipient> recipients) {
        return recipients.stream()
                .limit(SEARCHED_RECIPIENTS)
                .map(LogEntry.Recipient::address)
                .collect(Collectors.joining(" "));
    }

    private static void tally(Connection writer, List<Item> items) throws SQLException {
        var counts =
                items.stream()
                        .collect(
                                Collectors.groupingBy(
                                        item -> item.entry().at().getEpochSecond() / 60,
                                        Collectors.groupingBy(
                                                item -> item.entry().outcome().wireName(),
                                                Collectors.counting())));
        try (var statement =
                writer.prepareStatement(
                        "INSERT INTO tally VALUES(?,?,?) ON CONFLICT DO UPDATE SET count=count+excluded.count")) {
            for (var minute : counts.entrySet()) {
                for (var outcome : minute.getValue().entrySet()) {
                    statement.setLong(1, minute.getKey());
                    statement.setString(2, outcome.getKey());
                    statement.setLong(3, outcome.getValue());
                    statement.execute();
                }
            }
        }
    }

    private static void remember(Connection writer, Map<Integer, Long> places) throws SQLException {
        try (var statement = writer.prepareStatement("INSERT OR REPLACE INTO place VALUES(?,?)")) {
            for (var place : places.entrySet()) {
                statement.setInt(1, place.getKey());
                statement.setLong(2, place.getValue());
                statement.execute();
            }
        }
    }

    /// Forgets what is older, a part at a time so that nobody waits; false where nothing is left.
    boolean forget(Instant before, int atMost) throws SQLException {
        var writer = file.writer();
        var old = "SELECT id FROM entry WHERE id<" + idOf(before) + " ORDER BY id LIMIT " + atMost;
        try (var statement = writer.createStatement()) {
            statement.execute("DELETE FROM words WHERE rowid IN (" + old + ")");
            int count = statement.executeUpdate("DELETE FROM entry WHERE id IN (" + old + ")");
            statement.execute("DELETE FROM tally WHERE minute<" + before.getEpochSecond() / 60);
            writer.commit();
            return count > 0;
        } catch (SQLException e) {
            writer.rollback();
            throw e;
        }
    }

    /// How many entries of each outcome there were, by minute.
    Map<String, Map<Long, Long>> tally(Instant since) {
        return file.read(connection -> {
            var counts = new HashMap<String, Map<Long, Long>>();
            try (var statement =
                    connection.prepareStatement(
                            "SELECT minute, outcome, count FROM tally WHERE minute>=?")) {
                statement.setLong(1, since.getEpochSecond() / 60);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        counts.computeIfAbsent(rows.getString(2), outcome -> new HashMap<>())
                                .put(rows.getLong(1), rows.getLong(3));
                    }
                }
            }
            return counts;
        });
    }

    /// How old the oldest entry is that is kept, at the most.
    static final Duration KEPT = Duration.ofDays(31);

    Optional<Row> row(long id) {
        return file.read(connection -> {
            try (var statement = connection.prepareStatement("SELECT * FROM entry WHERE id=?")) {
                statement.setLong(1, id);
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(Row.of(rows)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() {
        file.close();
    }
}
