package dev.outmail.cli;

import dev.outmail.cli.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail demo`.
@Command(
        name = "demo",
        description =
                "Starts a broker, a worker and a mail catcher here, sends sample mails through them by every connection, and counts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many events (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Which events (default: ${DEFAULT-VALUE})")
    private long seed;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 1) {
            throw Failure.wrongUsage("--count must be 1 or more");
        }
        var commandLine = Objects.requireNonNull(spec).commandLine();
        var folder = Files.createTempDirectory("outmail-demo");
        try {
            var report = new Demo(count, seed, commandLine.getErr()).run(folder);
            report.print(commandLine.getOut());
            return report.right() ? Main.DONE : Main.FAILED;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
