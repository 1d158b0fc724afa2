package dev.outmail.bench;

import dev.outmail.bench.peer.PeerKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The load runs of `bench/run`.
@Command(
        name = "bench/run",
        description = {
            "Runs whole loads against Outmail and its peers, in turns, and prints tables.",
            "bench/run jmh [REGEX] runs JMH instead."
        },
        footer = {
            "",
            "Exit codes: 0 all mails arrived, 1 some did not or a peer broke, 2 wrong usage."
        },
        mixinStandardHelpOptions = true,
        subcommands = ScaleCommand.class,
        sortOptions = false)
final class Main implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    @Option(names = "--quick", description = "Few messages, one round: to see that all of it runs")
    private boolean quick;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "Only this one; may be repeated. backlog is run only so. See --list")
    private List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--peer",
            paramLabel = "NAME",
            description = "Only this contender; may be repeated. See --list")
    private List<String> peers = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs of each contender after its warm-up (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "4",
            description = "What one run is to take, about (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--list", description = "Lists scenarios and peers")
    private boolean list;

    @Spec private @Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            out().println(listing());
            return DONE;
        }
        var options =
                new Options(quick, quick ? 1 : rounds, Duration.ofSeconds(seconds), chosenPeers());
        out().println("On " + Machine.describe() + ".");
        int failures = 0;
        for (var scenario : chosenScenarios()) {
            failures += run(scenario, options);
        }
        return failures == 0 ? DONE : FAILED;
    }

    private int run(Scenario scenario, Options options) throws IOException, InterruptedException {
        var report = scenario.run(options, new Progress(scenario.name(), err()));
        out().println("\n### " + scenario.name() + "\n\n" + scenario.question() + "\n");
        out().println(report.table());
        report.failures().forEach(failure -> out().println("\nFAILED: " + failure));
        out().flush();
        return report.failures().size();
    }

    private List<Scenario> chosenScenarios() {
        var known = Scenarios.ALL.stream().map(Scenario::name).collect(Collectors.toSet());
        requireKnown("--scenario", scenarios, known);
        return Scenarios.ALL.stream()
                .filter(one ->
                        scenarios.isEmpty() ? !one.onlyWhenNamed() : scenarios.contains(one.name()))
                .toList();
    }

    private Set<String> chosenPeers() {
        requireKnown("--peer", peers, peerNames().collect(Collectors.toSet()));
        return new HashSet<>(peers);
    }

    private static Stream<String> peerNames() {
        return Stream.concat(
                Stream.of(SmtpSource.LABEL), Stream.of(PeerKind.values()).map(PeerKind::label));
    }

    private void requireKnown(String option, List<String> given, Set<String> known) {
        for (var name : given) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        command().commandLine(), option + ": there is no " + name + "; see --list");
            }
        }
    }

    private static String listing() {
        var text = new StringBuilder("Scenarios:\n");
        Scenarios.ALL.forEach(
                one -> text.append("  %-20s %s%n".formatted(one.name(), one.question())));
        text.append("Peers:\n");
        peerNames().forEach(peer -> text.append("  ").append(peer).append('\n'));
        return text.toString();
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    private PrintWriter out() {
        return command().commandLine().getOut();
    }

    private PrintWriter err() {
        return command().commandLine().getErr();
    }
}
