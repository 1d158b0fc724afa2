package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.settings.Authorship;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The keys' rotation, as an operator does it.
class SecretsCommandIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final String K1 = KeyRing.generate("k1");
    private static final String K2 = KeyRing.generate("k2");
    private static final SmtpServer OPEN =
            new SmtpServer("mx.test", 587, Security.STARTTLS, null, 10, null);

    @TempDir private Path folder;
    private Topics topics = new Topics(Topics.DEFAULT_PREFIX);

    @BeforeEach
    void makeTopics() {
        topics = new Topics(KAFKA.prefix());
        assertThat(run(K1, "topics apply --partitions 1").exitCode()).isZero();
    }

    private SettingsStore store() {
        var kafka = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        return new SettingsStore(new KafkaClients(kafka, "test"), topics);
    }

    private ProfileSettings save(String profile, SmtpServer server) {
        var saved = store().update(profile, before -> before.withConnection(server));
        return ((SettingsStore.Saved.Ok) saved).settings();
    }

    private SmtpServer sealed(String keys, String profile) {
        var binding = Binding.of(topics.settings(), profile, OPEN, "app");
        return OPEN.withLogin(new Login("app", KeyRing.read(keys).seal("hunter2", binding)));
    }

    private ProfileSettings current(String profile) {
        return store().read().profile(profile).orElseThrow();
    }

    private String password(String keys, ProfileSettings settings)
            throws SecretReference.SecretUnavailable {
        var secrets = new Secrets(Map.of(), KeyRing.read(keys), topics.settings());
        var server = (SmtpServer) settings.settings().connection();
        return secrets.password(server, Objects.requireNonNull(server.login())).reveal();
    }

    private Ran run(String keys, String command) {
        try {
            var config = folder.resolve("deployment");
            Files.writeString(
                    config,
                    "kafka.bootstrap.servers=%s\ntopics.prefix=%s\nsecrets.keys=%s\n"
                            .formatted(KAFKA.bootstrapServers(), topics.prefix(), keys));
            var words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of("--config", config.toString()));
            return Ran.outmail(words.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKeyIsReplacedInStepsOfWhichEachCanBeSeen() throws Exception {
        save("a", sealed(K1, "a"));
        save("b", OPEN.withLogin(new Login("app", SecretReference.parse("env:B"))));
        var both = K2 + "," + K1;

        var before = run(both, "secrets check");
        assertThat(before.exitCode()).isZero();
        assertThat(before.out())
                .isEqualTo(
                        """
                        k2  seals and opens; no profile uses it
                        k1  opens; used by a
                        """);

        var dry = run(both, "secrets rewrap --dry-run");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.out())
                .isEqualTo("a: would be sealed anew: k1 -> k2\nb: has no sealed password\n");
        assertThat(current("a").revision()).isEqualTo(1);

        var done = run(both, "secrets rewrap --by ada --why yearly");
        assertThat(done.exitCode()).isZero();
        assertThat(done.out())
                .isEqualTo("a: is sealed anew: k1 -> k2, revision 2\nb: has no sealed password\n");
        assertThat(password(K2, current("a"))).isEqualTo("hunter2");
        assertThat(current("b").revision()).isEqualTo(1);
        assertThat(store().history().getLast().author())
                .isEqualTo(new Authorship("ada", "passwords sealed with the key k2: yearly"));

        assertThat(run(both, "secrets rewrap").out()).contains("a: is sealed with k2 already");
        assertThat(run(both, "secrets check").out())
                .contains("k2  seals and opens; used by a", "k1  opens; no profile uses it");
        assertThat(run(K2, "secrets check").exitCode()).isZero();
        assertThat(run(K2, "settings show --profile a").out())
                .contains("\"sealed (key k2)\"")
                .doesNotContain("om1.");
        assertThat(run(K2, "settings show --profile a --json").out()).contains("om1.k2.");
    }

    @Test
    void aKeyThatIsMissingIsToldAndNothingIsSaved() {
        save("a", sealed(K1, "a"));

        var checked = run(K2, "secrets check");
        assertThat(checked.exitCode()).isEqualTo(1);
        assertThat(checked.out()).contains("k1  MISSING; used by a");
        assertThat(checked.err()).contains("'a' can't be opened: it is sealed with the key 'k1'");
        var rewrapped = run(K2, "secrets rewrap");
        assertThat(rewrapped.exitCode()).isEqualTo(1);
        assertThat(rewrapped.out()).startsWith("a: can't be opened: it is sealed with");
        assertThat(current("a").revision()).isEqualTo(1);
    }

    @Test
    void whoHasNoKeyChangesWhatThePasswordIsNotBoundToAndNothingElse() throws Exception {
        save("a", sealed(K1, "a"));

        assertThat(run("", "settings set --profile a --timing instantly").exitCode()).isZero();
        var refused = run("", "settings set --profile a --smtp-host evil.test");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("give it again with --smtp-password-prompt");
        assertThat(current("a").revision()).isEqualTo(2);
        assertThat(current("a").settings().timing()).isEqualTo(Timing.INSTANTLY);
        assertThat(password(K1, current("a"))).isEqualTo("hunter2");
    }

    @Test
    void whoSavedMeanwhileLosesNothing() throws Exception {
        var first = save("a", sealed(K1, "a"));
        assertThat(run(K1, "settings set --profile a --timing instantly").exitCode()).isZero();
        var secrets = new Secrets(Map.of(), KeyRing.read(K2 + "," + K1), topics.settings());

        var done = new Rewrap(store(), secrets, "k2", Authorship.UNKNOWN, false).profile(first);

        assertThat(done).isEqualTo("is sealed anew: k1 -> k2, revision 3");
        assertThat(current("a").settings())
                .extracting(Settings::timing)
                .isEqualTo(Timing.INSTANTLY);
        assertThat(password(K2, current("a"))).isEqualTo("hunter2");
    }
}
