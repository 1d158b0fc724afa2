package dev.outmail.console.log;

import java.util.List;

/// The tables of the index. Beginnings of words of up to eight letters are words of their own in
/// it: to put together a million places of `user1`, `user2` and so on takes a quarter of a second.
final class Schema {
    /// An entry's id begins with its time, so that newest first is the order of ids, and a span of
    /// time one of ids, in the index of words, too. That keeps no text: what a query finds is read
    /// from the entries.
    static final List<String> STATEMENTS =
            List.of(
                    """
                    CREATE TABLE IF NOT EXISTS entry(
                      id INTEGER PRIMARY KEY,
                      at INTEGER NOT NULL,
                      outcome TEXT NOT NULL,
                      reason TEXT NOT NULL,
                      detail TEXT NOT NULL,
                      source TEXT,
                      event TEXT,
                      type TEXT,
                      subject TEXT,
                      recipients TEXT NOT NULL,
                      profile TEXT,
                      revision INTEGER NOT NULL,
                      connection TEXT,
                      worker TEXT NOT NULL,
                      attempt INTEGER NOT NULL,
                      log_partition INTEGER NOT NULL,
                      log_offset INTEGER NOT NULL,
                      event_partition INTEGER,
                      event_offset INTEGER)
                    """,
                    "CREATE INDEX IF NOT EXISTS entry_event ON entry(event)",
                    """
                    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
                      text, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5 6 7 8',
                      tokenize="unicode61 remove_diacritics 2")
                    """,
                    """
                    CREATE TABLE IF NOT EXISTS tally(
                      minute INTEGER NOT NULL,
                      outcome TEXT NOT NULL,
                      count INTEGER NOT NULL,
                      PRIMARY KEY(minute, outcome)) WITHOUT ROWID
                    """,
                    """
                    CREATE TABLE IF NOT EXISTS place(
                      partition INTEGER PRIMARY KEY,
                      next INTEGER NOT NULL)
                    """,
                    """
                    CREATE TABLE IF NOT EXISTS origin(
                      topic_id TEXT NOT NULL)
                    """);

    /// Empties all of it.
    static final List<String> CLEAR =
            List.of(
                    "DELETE FROM entry",
                    "INSERT INTO words(words) VALUES('delete-all')",
                    "DELETE FROM tally",
                    "DELETE FROM place",
                    "DELETE FROM origin");

    private Schema() {}
}
