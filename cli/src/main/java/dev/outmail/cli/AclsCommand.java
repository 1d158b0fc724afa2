package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.AccessCheck;
import dev.outmail.kafka.Grant;
import dev.outmail.kafka.Role;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.SecurityUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `outmail topics acls`.
@Command(
        name = "acls",
        description = {
            "Shows the least that each role must be allowed to do where Kafka has ACLs.",
            "Speaks to Kafka only with --check."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AclsCommand implements Callable<Integer> {
    private static final JsonMapper JSON = Json.mapper(1 << 16);
    private static final int SECONDS_TO_ANSWER = 30;

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Only this one: ${COMPLETION-CANDIDATES}; without it, all of them")
    private @Nullable Role role;

    @Option(
            names = "--principal",
            paramLabel = "User:NAME",
            description =
                    "Instead, with --role: the commands of Kafka's own kafka-acls.sh that allow it to this principal")
    private @Nullable String principal;

    @Option(
            names = "--check",
            description =
                    "Instead, with --role: asks Kafka what of it is missing for whoever this configuration logs in as; exits with 1 if anything is")
    private boolean check;

    @Option(names = "--json", description = "One JSON object a line")
    private boolean json;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (principal != null || check) {
            return ofOne(required(role));
        }
        var deployment = kafka.deployment();
        for (var one : role == null ? Role.values() : new Role[] {role}) {
            print(one, deployment.topics());
        }
        return Main.DONE;
    }

    private int ofOne(Role one) throws IOException, InterruptedException {
        if (principal != null && (check || json)) {
            throw Failure.wrongUsage("--principal goes without --check and --json");
        }
        if (principal != null) {
            printCommands(one, parsed(principal), kafka.deployment());
            return Main.DONE;
        }
        return check(one, kafka.reachable());
    }

    private static Role required(@Nullable Role role) {
        if (role == null) {
            throw Failure.wrongUsage("Which role? Add --role");
        }
        return role;
    }

    /// As Kafka reads it.
    private static String parsed(String principal) {
        try {
            return SecurityUtils.parseKafkaPrincipal(principal).toString();
        } catch (IllegalArgumentException e) {
            throw Failure.wrongUsage(
                    "'" + principal + "' is no principal: write one such as User:alice");
        }
    }

    private void print(Role one, Topics topics) {
        var out = out();
        if (!json) {
            out.println(word(one) + ": " + one.purpose());
        }
        for (var grant : one.grants(topics)) {
            out.println(json ? toJson(one, grant) : line(grant));
        }
        out.flush();
    }

    private static String line(Grant grant) {
        return "  %-16s  %-26s %-42s %s"
                .formatted(grant.type(), grant.name(), operations(grant), grant.why());
    }

    private static String operations(Grant grant) {
        return grant.operations().stream().map(AclOperation::name).collect(Collectors.joining(" "));
    }

    private static String toJson(Role one, Grant grant) {
        var object = JSON.createObjectNode();
        object.put("role", word(one));
        object.put("resource", grant.type());
        object.put("pattern", grant.isPrefixed() ? "prefixed" : "literal");
        object.put("name", grant.resource().name());
        var operations = object.putArray("operations");
        grant.operations().forEach(operation -> operations.add(operation.name()));
        object.put("why", grant.why());
        return object.toString();
    }

    private void printCommands(Role one, String allowed, Deployment deployment) {
        var out = out();
        out.println("# " + word(one) + ": " + one.purpose());
        for (var grant : one.grants(deployment.topics())) {
            out.printf(
                    "kafka-acls.sh --bootstrap-server %s --command-config admin.properties --add"
                            + " --allow-principal %s%s --%s %s --resource-pattern-type %s%n",
                    quoted(KafkaOptions.clients(deployment).bootstrapServers()),
                    quoted(allowed),
                    grant.operations().stream()
                            .map(operation -> " --operation " + operation)
                            .collect(Collectors.joining()),
                    grant.type(),
                    quoted(grant.resource().name()),
                    grant.isPrefixed() ? "prefixed" : "literal");
        }
        out.flush();
    }

    /// For a shell.
    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private int check(Role one, Deployment deployment) throws InterruptedException {
        var missing = missing(one, deployment);
        missing.forEach(grant ->
                out().println(
                                json
                                        ? toJson(one, grant)
                                        : "missing: " + grant + ", to " + grant.why()));
        if (missing.isEmpty() && !json) {
            out().println("Kafka allows all that the role " + word(one) + " needs");
        }
        out().flush();
        return missing.isEmpty() ? Main.DONE : Main.FAILED;
    }

    private static List<Grant> missing(Role one, Deployment deployment)
            throws InterruptedException {
        try (var admin = KafkaOptions.clients(deployment).admin()) {
            return new AccessCheck(admin, deployment.topics())
                    .missing(one)
                    .get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka does not say what is allowed", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka does not say what is allowed", e);
        }
    }

    private static String word(Role one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
