package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// One connection word for word: `S:` lines are said, `C:` lines are the starts of what the client
/// must say. `C: <content>` is everything up to the final dot; `S: <tls>`, `S: <close>`, `S:
/// <reset>` and `S: <hang>` are done, not said.
record Dialogue(List<String> lines) {

    static Dialogue parse(String text) {
        List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        for (String line : lines) {
            if (!line.startsWith("S:") && !line.startsWith("C:")) {
                throw new IllegalArgumentException("neither 'S:' nor 'C:' starts: " + line);
            }
        }
        return new Dialogue(lines);
    }

    /// Plays it; returns what was said instead of what was expected, or null if all went by the
    /// script.
    @Nullable String play(Peer peer, @Nullable SSLContext identity, LineListener listener)
            throws IOException {
        for (String line : lines) {
            String text = line.substring(2).strip();
            if (line.startsWith("S:")) {
                say(peer, identity, text);
            } else if (text.equals("<content>")) {
                peer.readContent();
            } else {
                String heard = peer.readLine();
                if (heard != null) {
                    listener.heard(heard);
                }
                if (heard == null || !heard.startsWith(text)) {
                    return "expected '" + text + "', heard '" + heard + "'";
                }
            }
        }
        return null;
    }

    private static void say(Peer peer, @Nullable SSLContext identity, String text)
            throws IOException {
        switch (text) {
            case "<close>" -> peer.close();
            case "<reset>" -> peer.reset();
            case "<hang>" -> peer.hang();
            case "<tls>" -> {
                if (identity == null) {
                    throw new IllegalStateException("the server was started without a certificate");
                }
                peer.secure(identity);
            }
            default -> peer.say(text);
        }
    }

    interface LineListener {
        void heard(String line);
    }
}
