package dev.outmail.submission.smtp;

import java.io.IOException;
import java.util.Arrays;

/// Reads a message up to its end (RFC 5321 §4.5.2), which is CRLF, a dot and CRLF, and nothing that
/// is only like it. For one thread, and one message.
final class ContentReader {
    private static final int FIRST_ROOM = 8 * 1024;

    private enum At {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR,
        /// After a CR or LF that is bare.
        FALSE_START,
        FALSE_DOT
    }

    private final Wire wire;
    private final int most;
    private final MemoryBudget.Share memory;
    private byte[] message = new byte[FIRST_ROOM];
    private int length;
    private long heard;
    private boolean bare;
    private boolean noRoom;
    private At at = At.LINE_START;

    /// @param most bytes that a message may be
    /// @param memory from which all but the first few KB are taken
    ContentReader(Wire wire, int most, MemoryBudget.Share memory) {
        this.wire = wire;
        this.most = most;
        this.memory = memory;
    }

    Content read() throws IOException {
        while (true) {
            int next = wire.read();
            if (next < 0) {
                return new Content.Gone();
            }
            if (at == At.DOT_CR && next == '\n') {
                return ended();
            }
            if (endsFalsely(next)) {
                return new Content.FalseEnd();
            }
            if (++heard > 2L * most + FIRST_ROOM) {
                return new Content.Endless();
            }
            at = take(next);
        }
    }

    /// A dot alone in its line, with a line end that is none before or after it.
    private boolean endsFalsely(int next) {
        return switch (at) {
            case DOT -> next == '\n';
            case DOT_CR -> true;
            case FALSE_DOT -> next == '\n' || next == '\r';
            case LINE_START, TEXT, CR, FALSE_START -> false;
        };
    }

    private At take(int next) {
        return switch (at) {
            case LINE_START -> next == '.' ? At.DOT : text(next);
            // The dot itself was stuffed in and is left out.
            case DOT -> next == '\r' ? At.DOT_CR : text(next);
            case TEXT, FALSE_DOT -> text(next);
            case CR -> next == '\n' ? lineEnd() : bare(next);
            case FALSE_START -> next == '.' ? At.FALSE_DOT : text(next);
            case DOT_CR -> throw new IllegalStateException("an end, true or false");
        };
    }

    private At text(int next) {
        if (next == '\r') {
            return At.CR;
        }
        if (next == '\n') {
            bare = true;
            return At.FALSE_START;
        }
        keep(next);
        return At.TEXT;
    }

    private At lineEnd() {
        keep('\r');
        keep('\n');
        return At.LINE_START;
    }

    /// What follows a CR that is bare.
    private At bare(int next) {
        bare = true;
        return next == '.' ? At.FALSE_DOT : text(next);
    }

    private void keep(int next) {
        if (length < most && (length < message.length || grow())) {
            message[length] = (byte) next;
        }
        length++;
    }

    /// As much again is taken for its event, lest many be read and none published. Once there was
    /// no room, there is none for the rest either.
    private boolean grow() {
        int larger = Math.min(most, message.length * 2);
        noRoom = noRoom || bare || !memory.take(2L * (larger - message.length));
        if (!noRoom) {
            message = Arrays.copyOf(message, larger);
        }
        return !noRoom;
    }

    private Content ended() {
        if (bare) {
            return new Content.BareLineEnds();
        }
        if (length > most) {
            return new Content.TooLarge();
        }
        return noRoom ? new Content.NoRoom() : new Content.Whole(Arrays.copyOf(message, length));
    }
}
