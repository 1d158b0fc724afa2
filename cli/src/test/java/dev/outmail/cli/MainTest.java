package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.KeyRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    /// Every command, by the words that name it.
    static Stream<List<String>> commands() {
        var all = new ArrayList<List<String>>();
        collect(Main.commandLine(), List.of(), all);
        assertThat(all).hasSizeGreaterThan(12);
        return all.stream();
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
        all.add(words);
        command.getSubcommands()
                .forEach((name, subcommand) -> {
                    if (!name.equals("help")) {
                        collect(subcommand, plus(words, name), all);
                    }
                });
    }

    private static List<String> plus(List<String> words, String word) {
        return Stream.concat(words.stream(), Stream.of(word)).toList();
    }

    private static CommandLine command(List<String> words) {
        var command = Main.commandLine();
        for (var word : words) {
            command = Objects.requireNonNull(command.getSubcommands().get(word));
        }
        return command;
    }

    private static Ran run(List<String> words) {
        return Ran.outmail(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfAndEachOption(List<String> words) {
        var options = command(words).getCommandSpec().options();

        var ran = run(plus(words, "--help"));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith(("Usage: outmail " + String.join(" ", words)).strip());
        assertThat(options)
                .allSatisfy(option -> {
                    assertThat(ran.out()).contains(option.longestName());
                    assertThat(option.description()).isNotEmpty();
                });
        assertThat(ran.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anUnknownOptionIsWrongUsage(List<String> words) {
        var ran = run(plus(words, "--no-such-option"));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("--no-such-option");
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "settings", "secrets", "preferences", "topics", "dead-letters"})
    void aMissingSubcommandIsWrongUsageAndShowsWhichThereAre(String command) {
        var ran = Ran.outmail(command.isEmpty() ? new String[0] : new String[] {command});

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("Missing required subcommand", "Commands:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp-in.address=0.0.0.0       | clients elsewhere must log in over TLS",
                "smtp-in.users=/no/such/file   | the users' file /no/such/file can't be read",
                "smtp-in.tls.certificate=/no/c;smtp-in.tls.key=/no/k | the certificate or its key can't be read"
            })
    void mailOverSmtpThatNobodyCouldSendIsWrongUsage(String keys, String said, @TempDir Path folder)
            throws IOException {
        var config = Files.writeString(folder.resolve("config"), keys.replace(';', '\n'));

        var ran = Ran.outmail("smtp-in", "--config", config.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains(said);
    }

    @Test
    void theVersionIsSaid() {
        var ran = Ran.outmail("--version");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("outmail ", "Java 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "settings set                                | Nothing to change",
                "settings set --from nobody                  | there is no '@'",
                "settings set --give-up-after 5d             | write a duration such as P5D",
                "settings set --timing later                 | neither instantly nor in-background",
                "settings set --smtp-port many               | '--smtp-port'",
                "settings set --smtp-security ssl            | '--smtp-security'",
                "settings set --connection fax               | '--connection'",
                "settings set --profile a/b --timing instantly | 1 to 100 letters",
                "preferences show me                         | there is no '@'",
                "preferences set                             | Whose?",
                "preferences set ada@example.org             | Add --timing",
                "preferences set ada@example.org --timing now | neither instantly nor in-background",
                "preferences clear                           | Whose?",
                "settings set --smtp-password-prompt         | There is no key to seal passwords with",
                "settings what-if --smtp-password-prompt     | There is no key to seal passwords with",
                "settings set --smtp-password env:P --smtp-password-prompt | not both",
                "secrets rewrap                              | There is no key to seal passwords with",
                "secrets generate-key a.b                    | 1 to 32 letters",
                "settings set --only-to @example.org         | neither an address",
                "settings set --only-to example.org,         | neither an address",
                "settings set --redirect-to example.org      | there is no '@'",
                "topics apply --partitions 0                 | --partitions must be 1 or more",
                "topics apply --replication-factor 0         | --replication-factor must be 1 or more",
                "topics acls --role boss                     | '--role'",
                "topics acls --principal User:a              | Add --role",
                "topics acls --check                         | Add --role",
                "topics acls --role worker --principal a     | write one such as User:alice",
                "log --last -1                               | --last must be 0 or more",
                "log --release 3@17                          | add --held",
                "log --held --release 3@17 --discard 3@18    | not both",
                "log --held --follow                         | leave out --follow",
                "dead-letters discard 3@17 --by=             | who did it must be 1 to 200 characters",
                "dead-letters show                           | Say which letters",
                "dead-letters list --limit 0                 | --limit must be 1 or more",
                "dead-letters list --since yesterday         | yesterday' is no time",
                "dead-letters list --until 2h30              | 2h30' is no time",
                "dead-letters replay                         | Say which letters",
                "dead-letters replay --limit 5               | Say which letters",
                "dead-letters discard 3@17 --reason policy   | not both",
                "dead-letters replay 3@17 --to me            | there is no '@'",
                "demo --count 0                              | --count must be 1 or more",
                "up --kafka-port 65536                       | --kafka-port must be 0 to 65535",
                "up --worker-port -1                         | --worker-port must be 0 to 65535",
                "publish --bootstrap-servers nowhere         | write HOST:PORT",
                "worker --config no-such-file                | There is no file no-such-file",
                "worker --config .                           | Can't read .",
            })
    void wrongUsageIsToldBeforeKafkaIsAsked(String arguments, String told) {
        var ran = Ran.outmail(arguments.strip().split(" +"));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains(told).doesNotContain("\tat ");
    }

    @Test
    void aPasswordInPlaceOfItsReferenceIsNotRepeated() {
        var ran = Ran.outmail("settings", "set", "--smtp-password", "hunter2");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .contains("env:NAME", "--smtp-password-prompt")
                .doesNotContain("hunter2");
    }

    @Test
    void aNewKeyIsPrintedAsTheRingTakesIt() {
        var ran = Ran.outmail("secrets", "generate-key", "k7");

        assertThat(ran.exitCode()).isZero();
        assertThat(KeyRing.read(ran.out()).ids()).containsExactly("k7");
    }

    @Test
    void allThatIsWrongWithTheConfigurationIsToldAtOnce(@TempDir Path folder) throws IOException {
        var config = folder.resolve("worker.properties");
        Files.writeString(config, "worker.max-in-fligt=5\nhttp.port=lots\n");

        var ran = Ran.outmail("worker", "--config", config.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .contains("worker.max-in-fligt", "did you mean worker.max-in-flight?")
                .contains("http.port=lots");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "publish",
                "send",
                "log",
                "settings show",
                "settings set --timing instantly",
                "preferences show",
                "preferences set ada@example.org --timing instantly",
                "preferences clear ada@example.org",
                "secrets check",
                "topics plan",
                "topics apply",
                "topics verify",
                "dead-letters list",
                "dead-letters show 3@17",
                "dead-letters replay 3@17",
                "dead-letters discard --since 2h",
                "log --held"
            })
    void aKafkaThatIsNotThereIsToldInALine(String command) throws IOException {
        var nobody = "127.0.0.1:" + closedPort();

        var ran = Ran.outmail((command + " --bootstrap-servers " + nobody).split(" "));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).containsOnlyOnce("\n").contains(nobody, "outmail up");
        assertThat(ran.out()).isEmpty();
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void oneServerThatListensIsEnough() throws IOException {
        try (var kafka = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var servers = "127.0.0.1:" + closedPort() + ", localhost:" + kafka.getLocalPort();

            Preflight.someoneListens(servers);
        }
    }

    @Test
    void upTellsWhichPortIsTakenBeforeItStartsABroker(@TempDir Path folder) throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var data = folder.resolve("data");

            var ran =
                    Ran.outmail(
                            "up",
                            "--data",
                            data.toString(),
                            "--kafka-port",
                            "0",
                            "--worker-port",
                            Integer.toString(other.getLocalPort()));

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err()).contains("Port " + other.getLocalPort(), "--worker-port");
            assertThat(data).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "event, urn:outmail:schema:event:1",
        "settings, urn:outmail:schema:settings:1",
        "log, urn:outmail:schema:log-entry:1",
        "asyncapi, 'asyncapi: 3.0.0'"
    })
    void aSchemaIsPrintedAsItIs(String schema, String marked) {
        var ran = run(List.of("schema", schema));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains(marked);
        assertThat(run(List.of("schema", "nope")).exitCode()).isEqualTo(2);
    }

    @Test
    void whatKafkaRefusedIsToldWithItsCause() {
        var failure =
                new KafkaException("Failed to construct", new ConfigException("no such protocol"));

        var ran = reported(failure);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("Failed to construct", "no such protocol")
                .doesNotContain("\tat ");
    }

    @Test
    void whatNobodyExpectedIsShownWhole() {
        var ran = reported(new IllegalStateException("a bug"));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("a bug", "\tat ");
    }

    /// Runs a command that fails so, with Outmail's own handling.
    private static Ran reported(RuntimeException failure) {
        var err = new StringWriter();
        var main = Main.commandLine();
        @CommandLine.Command(name = "fail")
        final class Failing implements Runnable {
            @Override
            public void run() {
                throw failure;
            }
        }
        int exitCode =
                new CommandLine(new Failing())
                        .setErr(new PrintWriter(err, true))
                        .setExitCodeExceptionMapper(main.getExitCodeExceptionMapper())
                        .setExecutionExceptionHandler(main.getExecutionExceptionHandler())
                        .execute();
        return new Ran(exitCode, "", err.toString());
    }

    @Test
    void everyCommandOfTheReadmeIsUnderstood() throws IOException {
        var readme = Files.readString(Path.of("..", "README.md"));
        var commands =
                readme.lines()
                        .filter(line -> line.startsWith("./outmail "))
                        .map(line -> line.substring("./outmail ".length()))
                        .toList();

        assertThat(commands).hasSizeGreaterThan(8);
        assertThat(commands).allSatisfy(line -> Main.commandLine().parseArgs(words(line)));
    }

    /// As a shell splits them, as far as the README needs it: at spaces that are not in quotes.
    private static String[] words(String line) {
        return Arrays.stream(line.split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(word -> word.replace("'", ""))
                .toArray(String[]::new);
    }
}
