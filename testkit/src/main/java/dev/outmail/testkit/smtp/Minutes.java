package dev.outmail.testkit.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// What happened to a server so far. Guarded by its own monitor, which is notified of every event.
final class Minutes {
    /// Which lines are remembered.
    enum Lines {
        ALL,
        IN_CLEAR,
        NONE
    }

    private record Line(Heard heard, int gulp) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<Received> received = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();
    private final Set<Peer> open = new HashSet<>();
    private final Map<String, Integer> commands = new HashMap<>();
    private Lines remembered = Lines.ALL;
    private int connections;
    private int mostOpen;

    /// Notes a line.
    ///
    /// @param gulp the number of the read that brought its end
    synchronized void record(Heard heard, int gulp) {
        commands.merge(verb(heard.line()), 1, Integer::sum);
        boolean remembers =
                switch (remembered) {
                    case ALL -> true;
                    case IN_CLEAR -> !heard.secure();
                    case NONE -> false;
                };
        if (remembers) {
            lines.add(new Line(heard, gulp));
        }
        notifyAll();
    }

    synchronized void remember(Lines which) {
        remembered = which;
    }

    synchronized int commands(String verb) {
        return commands.getOrDefault(verb, 0);
    }

    /// Commands have four letters, or eight.
    private static String verb(String line) {
        int end = 0;
        while (end < line.length() && end < 8 && Character.isLetter(line.charAt(end))) {
            end++;
        }
        return line.substring(0, end).toUpperCase(Locale.ROOT);
    }

    synchronized void record(Received message) {
        received.add(message);
        notifyAll();
    }

    synchronized void recordSurprise(String surprise) {
        surprises.add(surprise);
        notifyAll();
    }

    /// Returns the connection's number.
    synchronized int recordOpened(Peer peer) {
        open.add(peer);
        mostOpen = Math.max(mostOpen, open.size());
        notifyAll();
        return ++connections;
    }

    synchronized void recordClosed(Peer peer) {
        open.remove(peer);
        notifyAll();
    }

    synchronized List<Heard> heard(Predicate<Heard> which) {
        return lines.stream().map(Line::heard).filter(which).toList();
    }

    synchronized List<List<String>> groupsOn(int connection) {
        List<List<String>> groups = new ArrayList<>();
        int gulp = 0;
        for (Line line : lines) {
            if (line.heard().connection() == connection) {
                if (line.gulp() != gulp) {
                    groups.add(new ArrayList<>());
                }
                groups.getLast().add(line.heard().line());
                gulp = line.gulp();
            }
        }
        return groups;
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    synchronized List<String> surprises() {
        return List.copyOf(surprises);
    }

    synchronized int connections() {
        return connections;
    }

    synchronized Set<Peer> open() {
        return Set.copyOf(open);
    }

    synchronized int mostOpen() {
        return mostOpen;
    }

    synchronized void await(String what, Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(
                        "not within " + patience + ": " + what + "; heard so far: " + lines);
            }
            wait(millis);
        }
    }
}
