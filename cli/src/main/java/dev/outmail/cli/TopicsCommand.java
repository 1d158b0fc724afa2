package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.TopicState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `outmail topics`.
@Command(
        name = "topics",
        description = "Creates and checks Outmail's topics.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(plan | apply | verify | acls)",
        subcommands = AclsCommand.class,
        sortOptions = false)
final class TopicsCommand {

    @Option(
            names = "--partitions",
            defaultValue = "12",
            scope = ScopeType.INHERIT,
            description =
                    "Partitions of the events topic, when created (default: ${DEFAULT-VALUE})")
    private int partitions;

    @Option(
            names = "--replication-factor",
            scope = ScopeType.INHERIT,
            description =
                    "Copies of each topic, when created (default: the brokers'); from 3 on, two must confirm a write")
    private @Nullable Short replicationFactor;

    @Spec private @Nullable CommandSpec spec;

    @Command(
            name = "plan",
            description = "Shows what apply would do; changes nothing.",
            mixinStandardHelpOptions = true)
    int plan(@Mixin KafkaOptions options) throws IOException, InterruptedException {
        var deployment = checked(options);
        try (var admin = KafkaOptions.clients(deployment).admin()) {
            var states = compare(new TopicAdmin(admin), deployment);
            states.forEach(state -> print(state, "would be created", "would be changed"));
            return states.stream().anyMatch(TopicState.Conflicts.class::isInstance)
                    ? Main.FAILED
                    : Main.DONE;
        }
    }

    @Command(
            name = "apply",
            description = "Creates what is missing and puts right what differs.",
            mixinStandardHelpOptions = true)
    int apply(@Mixin KafkaOptions options) throws IOException, InterruptedException {
        var deployment = checked(options);
        try (var admin = KafkaOptions.clients(deployment).admin()) {
            var topics = new TopicAdmin(admin);
            var states = compare(topics, deployment);
            topics.apply(states, Optional.ofNullable(replicationFactor));
            states.forEach(state -> print(state, "created", "changed"));
            return states.stream().anyMatch(TopicState.Conflicts.class::isInstance)
                    ? Main.FAILED
                    : Main.DONE;
        }
    }

    @Command(
            name = "verify",
            description = "Exits with 1 unless every topic is as it should be.",
            mixinStandardHelpOptions = true)
    int verify(@Mixin KafkaOptions options) throws IOException, InterruptedException {
        var deployment = checked(options);
        try (var admin = KafkaOptions.clients(deployment).admin()) {
            var states = compare(new TopicAdmin(admin), deployment);
            states.forEach(state -> print(state, "MISSING", "DIFFERS"));
            return states.stream().allMatch(TopicState.AsItShouldBe.class::isInstance)
                    ? Main.DONE
                    : Main.FAILED;
        }
    }

    private Deployment checked(KafkaOptions options) throws IOException {
        if (partitions < 1) {
            throw Failure.wrongUsage("--partitions must be 1 or more");
        }
        if (replicationFactor != null && replicationFactor < 1) {
            throw Failure.wrongUsage("--replication-factor must be 1 or more");
        }
        return options.reachable();
    }

    private List<TopicState> compare(TopicAdmin topics, Deployment deployment)
            throws InterruptedException {
        return topics.compare(
                deployment.topics().specs(partitions, deployment.limits().maxBytes()));
    }

    private void print(TopicState state, String missing, String differs) {
        var out = out();
        var name = state.spec().name();
        switch (state) {
            case TopicState.AsItShouldBe fine ->
                    out.printf("%-24s ok, %d partitions%n", name, fine.partitions());
            case TopicState.Missing absent -> {
                out.printf(
                        "%-24s %s: %d partitions, %s%n",
                        name, missing, absent.spec().partitions(), absent.spec().purpose());
                absent.spec()
                        .config()
                        .forEach((key, value) -> out.printf("    %s=%s%n", key, value));
            }
            case TopicState.Differs different -> {
                out.printf("%-24s %s%n", name, differs);
                different
                        .differences()
                        .forEach((key, d) ->
                                out.printf("    %s: %s -> %s%n", key, d.is(), d.shouldBe()));
            }
            case TopicState.Conflicts conflicts ->
                    conflicts
                            .problems()
                            .forEach(problem -> out.printf("%-24s CONFLICT: %s%n", name, problem));
        }
        out.flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
