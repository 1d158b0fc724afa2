package dev.outmail.cli;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.preferences.Preference;
import dev.outmail.preferences.PreferenceCodec;
import dev.outmail.preferences.PreferencesStore;
import dev.outmail.settings.Timing;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `outmail preferences`.
@Command(
        name = "preferences",
        description = {
            "Shows and sets when recipients want mail that is for them alone.",
            "It counts where a profile lets users choose (settings set --users-may-choose true)."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(show | set | clear)",
        sortOptions = false)
final class PreferencesCommand {
    private static final String RECIPIENT = "The recipient, such as ada@example.org";
    private static final String JSON = "One JSON object a line";

    @Spec private @Nullable CommandSpec spec;

    /// An address, so that a wrong one is told before Kafka is asked anything.
    static final class Address implements ITypeConverter<EmailAddress> {
        @Override
        public EmailAddress convert(String text) {
            try {
                return EmailAddress.parse(text);
            } catch (InvalidAddress e) {
                throw new TypeConversionException(Objects.toString(e.getMessage()));
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows what all recipients chose, or one.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int show(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ADDRESS",
                            converter = Address.class,
                            description = RECIPIENT)
                    @Nullable EmailAddress address,
            @Option(names = "--json", description = JSON) boolean json)
            throws IOException, InterruptedException {
        try (var store = store(kafka)) {
            var found = address == null ? store.readAll() : one(store, address);
            found.forEach(preference -> print(preference.address(), preference.timing(), json));
            if (found.isEmpty()) {
                err().println(
                                address == null
                                        ? "Nobody has chosen anything"
                                        : address + " has chosen nothing");
                err().flush();
            }
            return address != null && found.isEmpty() ? Main.FAILED : Main.DONE;
        }
    }

    private static List<Preference> one(PreferencesStore store, EmailAddress address) {
        return store.read(address).map(timing -> new Preference(address, timing)).stream().toList();
    }

    @Command(
            name = "set",
            description = "Sets when a recipient wants mail that is for them alone.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int set(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ADDRESS",
                            converter = Address.class,
                            description = RECIPIENT)
                    @Nullable EmailAddress address,
            @Option(
                            names = "--timing",
                            description = "instantly or in-background",
                            converter = SettingOptions.TimingName.class)
                    @Nullable Timing timing,
            @Option(names = "--json", description = JSON) boolean json)
            throws IOException, InterruptedException {
        var recipient = named(address);
        if (timing == null) {
            throw Failure.wrongUsage("Which? Add --timing instantly or --timing in-background");
        }
        try (var store = store(kafka)) {
            store.set(new Preference(recipient, timing));
        }
        print(recipient, timing, json);
        return Main.DONE;
    }

    @Command(
            name = "clear",
            description = "Takes back what a recipient chose: the profile's timing counts again.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int clear(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ADDRESS",
                            converter = Address.class,
                            description = RECIPIENT)
                    @Nullable EmailAddress address,
            @Option(names = "--json", description = JSON) boolean json)
            throws IOException, InterruptedException {
        var recipient = named(address);
        try (var store = store(kafka)) {
            store.clear(recipient);
        }
        print(recipient, null, json);
        return Main.DONE;
    }

    private static EmailAddress named(@Nullable EmailAddress address) {
        if (address == null) {
            throw Failure.wrongUsage("Whose? Name a recipient, such as ada@example.org");
        }
        return address;
    }

    private void print(EmailAddress address, @Nullable Timing timing, boolean json) {
        out().println(
                        json
                                ? PreferenceCodec.toJson(address, timing)
                                : address + ": " + (timing == null ? "-" : timing.wireName()));
        out().flush();
    }

    private static PreferencesStore store(KafkaOptions kafka)
            throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicExists(deployment.topics().preferences(), clients);
        return new PreferencesStore(clients, deployment.topics());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
