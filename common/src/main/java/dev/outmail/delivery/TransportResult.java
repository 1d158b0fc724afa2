package dev.outmail.delivery;

import java.util.List;

/// How one attempt ended, as the transport saw it.
public sealed interface TransportResult {

    /// The server or mailer that was spoken to, such as `smtp.example.com:587`.
    String server();

    /// The message was judged, or an answer that would have judged it was lost.
    ///
    /// @param verdicts one for each recipient of the envelope, in its order
    /// @param detail the other side's last words on the message, printable, at most 2 KB
    record Judged(String server, List<RecipientVerdict> verdicts, String detail)
            implements TransportResult {
        public Judged {
            verdicts = List.copyOf(verdicts);
        }
    }

    /// Trouble that says nothing about the message: it goes back as it was, no attempt counted.
    ///
    /// @param detail what happened and what to do, printable, at most 2 KB
    /// @param echo whether it was met by another attempt, whose connection failed, and this one
    ///   only waited for it
    record Trouble(String server, Kind kind, Reason reason, String detail, boolean echo)
            implements TransportResult {
        public Trouble(String server, Kind kind, Reason reason, String detail) {
            this(server, kind, reason, detail, false);
        }
    }

    /// All connections were in use for too long, or closed as other settings count now: no trouble
    /// of the server, no attempt was made.
    ///
    /// @param detail with numbers, printable
    record Busy(String server, String detail) implements TransportResult {}

    /// There was no leave for the step that can't be taken back: nothing left, and no trouble of
    /// the server.
    ///
    /// @param detail printable
    record Withheld(String server, String detail) implements TransportResult {}

    /// What the trouble is with.
    enum Kind {
        /// The server can't be reached or can't work now.
        SERVER,
        /// The server doesn't accept who we are: no use before the settings change.
        CREDENTIALS
    }
}
