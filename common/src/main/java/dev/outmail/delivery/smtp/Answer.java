package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Printable;
import dev.outmail.delivery.Reason;

/// What came back for what was said last.
sealed interface Answer permits Reply, Answer.Lost, Answer.Garbled {

    /// Printable, at most 2 KB.
    String detail();

    /// No answer, and none will come.
    ///
    /// @param reason CONNECTION_LOST or DEADLINE_EXCEEDED
    record Lost(Reason reason, String detail) implements Answer {
        public Lost {
            detail = Printable.of(detail);
        }
    }

    /// Something that is no SMTP reply.
    record Garbled(String detail) implements Answer {
        public Garbled {
            detail = Printable.of(detail);
        }
    }
}
