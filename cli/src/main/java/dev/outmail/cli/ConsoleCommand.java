package dev.outmail.cli;

import dev.outmail.console.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `outmail console`.
@Command(
        name = "console",
        description =
                "Serves the pages for admins and operators. Its port is http.port (default: 8080).",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ConsoleCommand implements Callable<Integer> {
    private static final String PORT = "8080";

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        kafka.reachable();
        var deployment = kafka.deployment("http.port", PORT);
        Preflight.topicExists(deployment.topics().audit(), KafkaOptions.clients(deployment));
        var console = Console.start(deployment);
        greet(console, Objects.requireNonNull(spec).commandLine().getOut());
        return Shutdown.stay(console::awaitEnd, console::close);
    }

    private static void greet(Console console, PrintWriter out) {
        out.println("The console is at " + console.url());
        console.welcomeUrl()
                .ifPresent(link ->
                        out.println("Nobody can log in yet. To become its admin, once: " + link));
        out.flush();
    }
}
