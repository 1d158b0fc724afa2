package dev.outmail.submission.sendmail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A message as the programs of a machine write it, which know less of RFC 5322 than mail servers
/// do. It is put into form as other mailers do it: nobody writes again what cron had to say.
///
/// - A line `From …` of a mailbox's file is no part of it.
/// - Its header ends before the first line that can't be in one, and begins with a Date where there
///   is none.
/// - NUL is dropped, and a carriage return alone ends a line; in the header it is a space, so that
///   what was one field stays one.
final class LooseMessage {
    private static final byte[] MAILBOX_LINE = "From ".getBytes(StandardCharsets.US_ASCII);

    private final byte[] written;
    private final ByteArrayOutputStream out;

    private LooseMessage(byte[] written) {
        this.written = written;
        this.out = new ByteArrayOutputStream(written.length + 64);
    }

    /// The same message, which has a header and an end of it.
    static byte[] mended(byte[] written, Instant now) {
        return new LooseMessage(written).mended(now);
    }

    private byte[] mended(Instant now) {
        int start = isMailboxLine() ? nextLine(0) : 0;
        int headerEnd = headerEnd(start);
        if (headerEnd == start) {
            out.writeBytes(SpooledMail.dateField(now));
        }
        copy(start, headerEnd, ' ');
        if (headerEnd < written.length && !isLineEnd(headerEnd)) {
            out.write('\n');
        }
        copy(headerEnd, written.length, '\n');
        return out.toByteArray();
    }

    private boolean isMailboxLine() {
        int at = 0;
        while (at < written.length && written[at] == '>') {
            at++;
        }
        for (byte expected : MAILBOX_LINE) {
            if (at == written.length || written[at] != expected) {
                return false;
            }
            at++;
        }
        return !isField(0);
    }

    /// Behind the last line of the header.
    private int headerEnd(int start) {
        int at = start;
        while (at < written.length && (isField(at) || (at > start && isBlank(at)))) {
            at = nextLine(at);
        }
        return at;
    }

    /// Whether a header field begins there.
    private boolean isField(int start) {
        int at = start;
        while (at < written.length
                && written[at] > ' '
                && written[at] < 0x7f
                && written[at] != ':') {
            at++;
        }
        if (at == start) {
            return false;
        }
        while (at < written.length && isBlank(at)) {
            at++;
        }
        return at < written.length && written[at] == ':';
    }

    private boolean isBlank(int at) {
        return written[at] == ' ' || written[at] == '\t';
    }

    private boolean isLineEnd(int at) {
        return written[at] == '\n' || (written[at] == '\r' && isBefore('\n', at));
    }

    private boolean isBefore(char next, int at) {
        return at + 1 < written.length && written[at + 1] == next;
    }

    private int nextLine(int start) {
        int at = start;
        while (at < written.length && written[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, written.length);
    }

    /// @param forReturn written for carriage returns that belong to no line's end
    private void copy(int start, int end, char forReturn) {
        int from = start;
        for (int at = start; at < end; at++) {
            boolean loneReturn = written[at] == '\r' && !isBefore('\n', at);
            if (loneReturn || written[at] == 0) {
                out.write(written, from, at - from);
                from = at + 1;
            }
            if (loneReturn && !isBefore('\r', at)) {
                out.write(forReturn);
            }
        }
        out.write(written, from, end - from);
    }
}
