package dev.outmail.console.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody looks for in the log; empty texts are any.
///
/// @param text words that an entry has
/// @param event how an event's id begins, for those who may not search for more
/// @param since not older; null for any
/// @param until older; null for any
record LogQuery(
        String text,
        String event,
        String outcome,
        String profile,
        String type,
        String worker,
        String revision,
        @Nullable Instant since,
        @Nullable Instant until) {
    static final LogQuery ALL = new LogQuery("", "", "", "", "", "", "", null, null);

    /// Entries newest first.
    ///
    /// @param before only those of smaller ids
    List<Row> run(LogIndex index, long before, int atMost) {
        return index.file().read(connection -> run(connection, before, atMost));
    }

    private List<Row> run(Connection connection, long before, int atMost) throws SQLException {
        var words =
                Words.query(
                        text,
                        Arrays.asList(
                                Words.filter('o', outcome),
                                Words.filter('p', profile),
                                Words.filter('t', type),
                                Words.filter('w', worker),
                                Words.filter('r', revision)));
        var values = new ArrayList<Object>();
        var sql = new StringBuilder("SELECT e.* FROM ");
        var id = "e.id";
        if (words.isPresent()) {
            sql.append("words CROSS JOIN entry e ON e.id = words.rowid WHERE words MATCH ? AND ");
            values.add(words.get());
            id = "words.rowid";
        } else {
            sql.append("entry e WHERE ");
        }
        span(sql, values, id, before);
        equal(sql, values);
        sql.append(" ORDER BY ").append(id).append(" DESC LIMIT ").append(atMost);
        return rows(connection, sql.toString(), values);
    }

    private void span(StringBuilder sql, List<Object> values, String id, long before) {
        sql.append(id).append(" < ? AND ").append(id).append(" >= ?");
        values.add(until == null ? before : Math.min(before, LogIndex.idOf(until)));
        values.add(since == null ? 0L : LogIndex.idOf(since));
    }

    private void equal(StringBuilder sql, List<Object> values) {
        equal(sql, values, "outcome", outcome);
        equal(sql, values, "profile", profile);
        equal(sql, values, "type", type);
        equal(sql, values, "worker", worker);
        if (!revision.isEmpty()) {
            sql.append(" AND e.revision = CAST(? AS INTEGER)");
            values.add(revision);
        }
        if (!event.isEmpty()) {
            sql.append(" AND e.event >= ? AND e.event < ?");
            values.add(event);
            values.add(event + Character.MAX_VALUE);
        }
    }

    private static void equal(StringBuilder sql, List<Object> values, String column, String value) {
        if (!value.isEmpty()) {
            sql.append(" AND e.").append(column).append(" = ?");
            values.add(value);
        }
    }

    /// All entries of one event, oldest first.
    static List<Row> story(LogIndex index, String source, String event) {
        return index.file()
                .read(connection ->
                        rows(
                                connection,
                                "SELECT e.* FROM entry e WHERE e.event = ? AND e.source = ? ORDER BY e.id LIMIT 500",
                                List.of(event, source)));
    }

    private static List<Row> rows(Connection connection, String sql, List<Object> values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            var found = new ArrayList<Row>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(Row.of(rows));
                }
            }
            return found;
        }
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
