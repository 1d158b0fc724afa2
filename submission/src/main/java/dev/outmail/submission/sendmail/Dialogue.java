package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// SMTP on standard input and output (`sendmail -bs`), as Symfony and Laravel hand mail over. Its
/// client is a program of the same user; what is wrong with a mail is said behind its dot.
final class Dialogue {
    private static final String OK = "250 OK";
    private static final String OUT_OF_ORDER = "503 5.5.1 MAIL FROM:<…>, RCPT TO:<…> and DATA";

    private final InputStream in;
    private final PrintStream out;
    private final int maxBytes;
    private final Spooling spooling;
    private final List<String> recipients = new ArrayList<>();
    private @Nullable String sender;
    private boolean ended;

    /// Puts a mail on disk.
    interface Spooling {
        void add(Request.Submit call, byte[] message) throws IOException, NotTaken;
    }

    Dialogue(InputStream in, PrintStream out, int maxBytes, Spooling spooling) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.maxBytes = maxBytes;
        this.spooling = spooling;
    }

    /// Until the client quits or has gone.
    void run() throws IOException {
        reply("220 localhost Outmail");
        for (var line = line(); line != null; line = ended ? null : line()) {
            reply(answer(new String(line, UTF_8).strip()));
        }
    }

    private void reply(String reply) {
        out.print(reply + "\r\n");
        out.flush();
    }

    private String answer(String command) throws IOException {
        return switch (command.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
            case "HELO" -> begun("250 localhost");
            case "EHLO" -> begun("250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8");
            case "MAIL" -> sender(path(command));
            case "RCPT" -> recipient(path(command));
            case "DATA" -> data();
            case "RSET" -> begun(OK);
            case "NOOP" -> OK;
            case "QUIT" -> {
                ended = true;
                yield "221 2.0.0 Bye";
            }
            default -> "502 5.5.1 there is no such command";
        };
    }

    private String begun(String reply) {
        sender = null;
        recipients.clear();
        return reply;
    }

    /// Its address in angle brackets, or null.
    private static @Nullable String path(String command) {
        int start = command.indexOf('<');
        int end = command.lastIndexOf('>');
        return command.indexOf(':') > 0 && start > 0 && end > start
                ? command.substring(start, end + 1)
                : null;
    }

    private String sender(@Nullable String path) {
        if (path == null || sender != null) {
            return OUT_OF_ORDER;
        }
        sender = path;
        return OK;
    }

    private String recipient(@Nullable String path) {
        if (path == null || sender == null) {
            return OUT_OF_ORDER;
        }
        recipients.add(path);
        return OK;
    }

    private String data() throws IOException {
        if (recipients.isEmpty()) {
            return OUT_OF_ORDER;
        }
        reply("354 End it with a lone dot");
        try {
            byte[] message = message();
            spooling.add(new Request.Submit(false, false, sender, null, recipients), message);
            return begun("250 2.0.0 On disk");
        } catch (NotTaken e) {
            return begun("554 5.6.0 " + oneLine(e));
        } catch (IOException e) {
            return begun("451 4.3.0 the mail is not in the spool: " + oneLine(e));
        }
    }

    private static String oneLine(Exception e) {
        return ("" + e.getMessage()).replaceAll("\\s+", " ");
    }

    /// Up to a dot between two CRLF, and no other, which may be part of the mail (SMTP smuggling).
    private byte[] message() throws IOException, NotTaken {
        var message = new ByteArrayOutputStream();
        long size = 0;
        boolean behindLineEnd = true;
        for (var line = line(); line != null; line = line()) {
            boolean hasLineEnd = line.length > 1 && line[line.length - 2] == '\r';
            boolean hasDot = behindLineEnd && line[0] == '.';
            if (hasDot && hasLineEnd && line.length == 3) {
                return whole(message, size);
            }
            int from = hasDot ? 1 : 0;
            size += line.length - from;
            if (size <= maxBytes) {
                message.write(line, from, line.length - from);
            }
            behindLineEnd = hasLineEnd;
        }
        throw new EOFException("it has no end");
    }

    private byte[] whole(ByteArrayOutputStream message, long size) throws NotTaken {
        if (size > maxBytes) {
            throw MessageInput.tooLarge(size, maxBytes);
        }
        return message.toByteArray();
    }

    /// With the LF at its end; null where the client has gone. Of one too large for a mail, more
    /// than a mail may have.
    private byte @Nullable [] line() throws IOException {
        var line = new ByteArrayOutputStream(128);
        byte last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (line.size() <= maxBytes) {
                line.write(next);
            } else if (next == '\n') {
                line.write(last);
                line.write(next);
            }
            if (next == '\n') {
                return line.toByteArray();
            }
            last = (byte) next;
        }
        return null;
    }
}
