package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Printable;
import dev.outmail.delivery.Reason;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/// What came back for what was said last.
sealed interface Answer permits Reply, Answer.Lost, Answer.Garbled {

    /// Printable, at most 2 KB.
    String detail();

    /// No answer, and none will come.
    ///
    /// @param reason CONNECTION_LOST, DEADLINE_EXCEEDED or WITHHELD
    record Lost(Reason reason, String detail) implements Answer {
        public Lost {
            detail = Printable.of(detail);
        }

        /// None, as nothing was asked.
        static Lost beforeAnything() {
            return new Lost(Reason.CONNECTION_LOST, "nothing was said");
        }

        /// None that we would wait for.
        static Lost byInterruption() {
            return new Lost(Reason.CONNECTION_LOST, "the attempt was interrupted");
        }

        /// None, as there was no leave to ask for it.
        static Lost byWantOfLeave() {
            return new Lost(
                    Reason.WITHHELD,
                    "this worker had no leave to send the message; nothing left, it goes back as it"
                            + " was");
        }

        /// None that came.
        ///
        /// @param closedBecause why we closed the connection ourselves, or null
        /// @param failure null for an end of file
        static Lost at(Stage stage, @Nullable String closedBecause, @Nullable Exception failure) {
            if (closedBecause != null) {
                return new Lost(Reason.DEADLINE_EXCEEDED, closedBecause + ", at " + stage);
            }
            IOException io = failure == null ? null : ioFailure(failure);
            if (io instanceof SocketTimeoutException) {
                return new Lost(Reason.DEADLINE_EXCEEDED, "no answer in time, at " + stage);
            }
            String what =
                    io != null ? io.getMessage() : failure != null ? failure.toString() : "closed";
            return new Lost(
                    Reason.CONNECTION_LOST, "the connection was lost at " + stage + ": " + what);
        }

        /// The trouble with the socket that is behind it, if that is what it is.
        static @Nullable IOException ioFailure(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException io) {
                    return io;
                }
            }
            return null;
        }
    }

    /// Something that is no SMTP reply.
    record Garbled(String detail) implements Answer {
        public Garbled {
            detail = Printable.of(detail);
        }
    }
}
