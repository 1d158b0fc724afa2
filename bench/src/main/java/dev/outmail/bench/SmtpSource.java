package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.MessageFile;
import dev.outmail.bench.peer.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Postfix's smtp-source, which sends the same bytes again and again, composing nothing: over
/// connections that it keeps, the limit of what the others can do.
final class SmtpSource implements Contender {
    static final String LABEL = "smtp-source";

    /// What `times` says of the shell's children: user and system time.
    private static final Pattern TIMES =
            Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*$");

    private final String server;
    private final int connections;
    private final Path message;
    private final boolean keeping;

    SmtpSource(Target target, LetterSize size, Path folder) throws IOException {
        this(target, size, folder, true);
    }

    /// @param keeping its connections, or opening one for each message
    SmtpSource(Target target, LetterSize size, Path folder, boolean keeping) throws IOException {
        this.keeping = keeping;
        this.server = target.host() + ":" + target.port();
        this.connections = target.connections();
        this.message = MessageFile.write(size, folder);
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public Run run(int messages) throws IOException, InterruptedException {
        var script = "\"$@\"; status=$?; times; exit $status";
        var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.add(Programs.path("smtp-source"));
        if (keeping) {
            command.add("-d");
        }
        command.addAll(
                List.of(
                        "-s",
                        Integer.toString(connections),
                        "-m",
                        Integer.toString(messages),
                        "-F",
                        message.toString(),
                        "-f",
                        "projects@example.com",
                        "-t",
                        "reader@example.org",
                        server));
        long start = System.nanoTime();
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        long took = System.nanoTime() - start;
        if (status != 0) {
            throw new IOException("smtp-source ended with " + status + ": " + output.strip());
        }
        return new Run(messages, took, cpuNanos(output), 0);
    }

    private static long cpuNanos(String output) throws IOException {
        var times = TIMES.matcher(output);
        if (!times.find()) {
            throw new IOException("no times in: " + output.strip());
        }
        double seconds =
                60 * Double.parseDouble(times.group(1))
                        + Double.parseDouble(times.group(2))
                        + 60 * Double.parseDouble(times.group(3))
                        + Double.parseDouble(times.group(4));
        return (long) (seconds * 1e9);
    }
}
