package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.settings.Authorship;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Sealed;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.SettingsStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `outmail secrets`.
@Command(
        name = "secrets",
        description = "Looks after the keys (secrets.keys) to passwords sealed in the settings.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(generate-key | check | rewrap)",
        sortOptions = false)
final class SecretsCommand {
    @Spec private @Nullable CommandSpec spec;

    @Command(
            name = "generate-key",
            description = "Prints a new key, as secrets.keys takes it.",
            mixinStandardHelpOptions = true)
    int generateKey(
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..1",
                            defaultValue = "k1",
                            description = "Its name in the ring (default: ${DEFAULT-VALUE})")
                    String id) {
        try {
            out().println(KeyRing.generate(id));
        } catch (IllegalArgumentException e) {
            throw Failure.wrongUsage(Objects.toString(e.getMessage()));
        }
        out().flush();
        return Main.DONE;
    }

    @Command(
            name = "check",
            description =
                    "Shows who uses which key; exits with 1 when a password does not open with those there are.",
            mixinStandardHelpOptions = true)
    int check(@Mixin KafkaOptions kafka) throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var settings = store(deployment).read();
        printKeys(deployment.keys(), settings);
        var unopened = secrets(deployment).unopened(settings);
        unopened.forEach((profile, why) ->
                err().println(
                                "The password of the profile '"
                                        + profile
                                        + "' can't be opened: "
                                        + why));
        err().flush();
        return unopened.isEmpty() ? Main.DONE : Main.FAILED;
    }

    private void printKeys(KeyRing keys, SettingsSnapshot settings) {
        var users = new TreeMap<String, TreeSet<String>>();
        for (var profile : settings.profiles().values()) {
            Sealed.in(profile.settings())
                    .ifPresent(sealed ->
                            users.computeIfAbsent(sealed.keyId(), id -> new TreeSet<>())
                                    .add(profile.profile()));
        }
        for (var id : keys.ids()) {
            var used = users.remove(id);
            var role = keys.primary().filter(id::equals).isPresent() ? "seals and opens" : "opens";
            out().println(
                            "%s  %s; %s"
                                    .formatted(
                                            id,
                                            role,
                                            used == null
                                                    ? "no profile uses it"
                                                    : "used by " + String.join(", ", used)));
        }
        users.forEach((id, used) ->
                out().println("%s  MISSING; used by %s".formatted(id, String.join(", ", used))));
        if (keys.ids().isEmpty() && users.isEmpty()) {
            out().println("There are neither keys nor sealed passwords");
        }
        out().flush();
    }

    @Command(
            name = "rewrap",
            description =
                    "Seals each profile's sealed password anew with the first key, as a new revision.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int rewrap(
            @Mixin KafkaOptions kafka,
            @Mixin AuthorOptions author,
            @Option(names = "--dry-run", description = "Only show what would be done")
                    boolean dryRun)
            throws IOException, InterruptedException {
        var deployment = kafka.deployment();
        PasswordSealing.requireKey(deployment);
        var key = deployment.keys().primary().orElseThrow();
        var store = store(kafka.reachable());
        var rewrap = new Rewrap(store, secrets(deployment), key, because(author, key), dryRun);
        int failed = 0;
        for (var profile : sorted(store.read())) {
            String done;
            try {
                done = rewrap.profile(profile);
            } catch (SecretUnavailable e) {
                failed++;
                done = "can't be opened: " + e.getMessage();
            }
            out().println(profile.profile() + ": " + done);
            out().flush();
        }
        return failed == 0 ? Main.DONE : Main.FAILED;
    }

    private static Authorship because(AuthorOptions author, String key) {
        var said = author.author();
        var why = "passwords sealed with the key " + key;
        return new Authorship(said.by(), said.why().isEmpty() ? why : why + ": " + said.why());
    }

    private static List<ProfileSettings> sorted(SettingsSnapshot settings) {
        return settings.profiles().values().stream()
                .sorted(Comparator.comparing(ProfileSettings::profile))
                .toList();
    }

    private static SettingsStore store(Deployment deployment) throws InterruptedException {
        var clients = KafkaOptions.clients(deployment);
        Preflight.settingsTopicsExist(deployment, clients);
        return new SettingsStore(clients, deployment.topics());
    }

    private static Secrets secrets(Deployment deployment) {
        return new Secrets(System.getenv(), deployment.keys(), deployment.topics().settings());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
