package dev.outmail.console.log;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An entry as lists show it.
///
/// @param recipients the first ones, parted by spaces
/// @param eventPartition where the event is; -1 where it is not known
record Row(
        long id,
        Instant at,
        String outcome,
        String reason,
        String detail,
        @Nullable String source,
        @Nullable String event,
        @Nullable String type,
        @Nullable String subject,
        String recipients,
        @Nullable String profile,
        long revision,
        @Nullable String connection,
        String worker,
        int attempt,
        int logPartition,
        long logOffset,
        int eventPartition,
        long eventOffset) {

    static Row of(ResultSet row) throws SQLException {
        int partition = row.getInt("event_partition");
        boolean unknown = row.wasNull();
        return new Row(
                row.getLong("id"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("outcome"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("source"),
                row.getString("event"),
                row.getString("type"),
                row.getString("subject"),
                row.getString("recipients"),
                row.getString("profile"),
                row.getLong("revision"),
                row.getString("connection"),
                row.getString("worker"),
                row.getInt("attempt"),
                row.getInt("log_partition"),
                row.getLong("log_offset"),
                unknown ? -1 : partition,
                row.getLong("event_offset"));
    }

    /// Whether the event can be looked at.
    boolean hasMail() {
        return eventPartition >= 0;
    }
}
