package dev.outmail.testkit.smtp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// What a server took and refused at the final dot, one line a message, contents as hashes; for
/// many messages. Guarded by itself.
public final class SinkLedger {
    private static final Pattern FOLD = Pattern.compile("\r\n(?=[ \t])");

    private final List<SinkLine> lines = new ArrayList<>();
    private final List<Received> messages = new ArrayList<>();
    private boolean keepsMessages;

    /// From now on keeps whole messages too, for a few.
    public synchronized void keepMessages() {
        keepsMessages = true;
    }

    /// The messages that were kept.
    public synchronized List<Received> messages() {
        return List.copyOf(messages);
    }

    public synchronized List<SinkLine> lines() {
        return List.copyOf(lines);
    }

    public synchronized int size() {
        return lines.size();
    }

    /// The lines from this one on, counted from 0.
    public synchronized List<SinkLine> linesFrom(int first) {
        return List.copyOf(lines.subList(first, lines.size()));
    }

    void add(Received message, String client, Act answer) {
        byte[] content = message.content();
        int end = endOfHeader(content);
        String header =
                FOLD.matcher(new String(content, 0, end, StandardCharsets.ISO_8859_1))
                        .replaceAll("");
        var line =
                new SinkLine(
                        Instant.now(),
                        message.connection(),
                        client,
                        message.sender(),
                        message.recipients(),
                        field(header, "X-Test-Id:"),
                        field(header, "Message-ID:"),
                        sha256(content, end),
                        answer instanceof Acts.Fault fault ? fault.name() : "",
                        answer.refuses());
        synchronized (this) {
            lines.add(line);
            if (keepsMessages) {
                messages.add(message);
            }
        }
    }

    /// Where the body starts, after the empty line.
    private static int endOfHeader(byte[] content) {
        for (int i = 3; i < content.length; i++) {
            if (content[i] == '\n' && content[i - 1] == '\r' && content[i - 2] == '\n') {
                return i + 1;
            }
        }
        return content.length;
    }

    private static String field(String header, String name) {
        int start = header.indexOf("\r\n" + name);
        if (start < 0) {
            return header.startsWith(name) ? upToLineEnd(header, name.length()) : "";
        }
        return upToLineEnd(header, start + 2 + name.length());
    }

    private static String upToLineEnd(String header, int from) {
        int end = header.indexOf("\r\n", from);
        return header.substring(from, end < 0 ? header.length() : end).strip();
    }

    /// The hash of a body as it must arrive, line ends as CRLF.
    public static String sha256(String body) {
        return sha256(body.getBytes(StandardCharsets.UTF_8), 0);
    }

    private static String sha256(byte[] content, int from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, from, content.length - from);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
