package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What a [ScriptedSmtpServer] does in place of its usual answer.
@FunctionalInterface
public interface Act {

    void play(Peer peer) throws IOException;

    /// Whether the answer will be a refusal, 4xx or 5xx; known before it is given, so that a ledger
    /// can say so first.
    default boolean refuses() {
        return false;
    }

    /// This, then that, unless this ended the connection.
    default Act then(Act next) {
        return peer -> {
            play(peer);
            if (peer.isOpen()) {
                next.play(peer);
            }
        };
    }

    /// Answers with these lines, each ended with CRLF.
    static Act reply(String... lines) {
        return new Acts.Reply(List.of(lines));
    }

    /// Closes the connection as a server does that stops: the client reads an end of file.
    static Act close() {
        return Peer::close;
    }

    /// Tears the connection down with a TCP reset.
    static Act reset() {
        return Peer::reset;
    }

    /// Does nothing more, until the client goes or the server is closed.
    static Act hang() {
        return Peer::hang;
    }

    /// Sends these characters (ISO 8859-1) and no line end.
    static Act raw(String characters) {
        return peer -> peer.send(characters.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Answers a byte at a time.
    static Act slowly(Duration perByte, String line) {
        return peer -> {
            for (byte one : (line + "\r\n").getBytes(StandardCharsets.UTF_8)) {
                peer.pause(perByte);
                peer.send(new byte[] {one});
            }
        };
    }

    /// Answers after a while.
    static Act after(Duration delay, Act act) {
        return new Acts.Delayed(delay, act);
    }

    /// Says this line for as long as the client listens.
    static Act endlessly(String line) {
        return peer -> {
            while (peer.isOpen()) {
                peer.say(line);
            }
        };
    }

    /// Sends a single line of this length, ended at last.
    static Act flood(String start, int bytes) {
        return peer -> {
            peer.send(start.getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[8_192];
            Arrays.fill(block, (byte) 'x');
            for (int sent = 0; sent < bytes && peer.isOpen(); sent += block.length) {
                peer.send(block);
            }
            peer.say("");
        };
    }

    /// Takes this many bytes of what the client sends, then acts: in mid-content, for one.
    static Act afterReading(int bytes, Act act) {
        return peer -> {
            peer.skip(bytes);
            act.play(peer);
        };
    }
}
