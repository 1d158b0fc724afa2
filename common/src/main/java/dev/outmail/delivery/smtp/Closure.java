package dev.outmail.delivery.smtp;

import java.util.Locale;

/// Why a connection was closed.
public enum Closure {
    /// Nobody needed it for a while.
    IDLE,
    /// It lived as long as a connection may.
    OLD,
    /// It carried as many messages as a connection may.
    USED_UP,
    /// Fewer connections were wanted, or another one.
    SURPLUS,
    /// The server closed it, or nobody knew any more where it stood.
    BROKEN,
    /// The attempt took too long.
    OVERDUE,
    /// The message it had been told to expect next went another way.
    JILTED,
    /// The pool was closed.
    SHUTDOWN;

    /// In lower case with hyphens.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
