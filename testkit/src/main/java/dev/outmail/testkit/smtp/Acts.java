package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The acts whose answer is known before they are played.
final class Acts {
    private Acts() {}

    record Reply(List<String> lines) implements Act {
        @Override
        public void play(Peer peer) throws IOException {
            peer.say(lines.toArray(String[]::new));
        }

        @Override
        public boolean refuses() {
            var last = lines.isEmpty() ? "" : lines.getLast();
            return last.startsWith("4") || last.startsWith("5");
        }
    }

    record Delayed(Duration delay, Act act) implements Act {
        @Override
        public void play(Peer peer) throws IOException {
            peer.pause(delay);
            if (peer.isOpen()) {
                act.play(peer);
            }
        }

        @Override
        public boolean refuses() {
            return act.refuses();
        }
    }

    /// One that a server's [Faults] chose.
    record Fault(String name, Act act) implements Act {
        @Override
        public void play(Peer peer) throws IOException {
            act.play(peer);
        }

        @Override
        public boolean refuses() {
            return act.refuses();
        }
    }
}
