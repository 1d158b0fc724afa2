package dev.outmail.cli;

import dev.outmail.broker.BrokerNotStarted;
import dev.outmail.config.InvalidDeployment;
import dev.outmail.submission.sendmail.Sendmail;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `outmail` command.
@Command(
        name = "outmail",
        description = "Takes outgoing mail off applications' hands.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            WorkerCommand.class,
            ConsoleCommand.class,
            SmtpInCommand.class,
            PublishCommand.class,
            SendCommand.class,
            SpoolCommand.class,
            SettingsCommand.class,
            FleetCommand.class,
            PreferencesCommand.class,
            SecretsCommand.class,
            TopicsCommand.class,
            LogCommand.class,
            DeadLettersCommand.class,
            SchemaCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "In the place of /usr/sbin/sendmail: outmail sendmail (docs/sendmail.md)",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.",
            "Start with: outmail demo"
        })
public final class Main {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private static final Set<String> STAYING = Set.of("up", "worker", "console", "smtp-in");

    private Main() {}

    public static void main(String[] args) {
        // CVE-2024-31141: client configuration must not read files or the environment by itself.
        System.setProperty("org.apache.kafka.automatic.config.providers", "none");
        if (args.length > 0 && args[0].equals("sendmail")) {
            // as others know it: its options and exit codes are not those of our commands
            Sendmail.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        if (args.length > 0 && stays(args)) {
            System.setProperty("outmail.log.level", "INFO");
            System.setProperty("outmail.kafka.log.level", "WARN");
        }
        try {
            System.exit(commandLine().execute(args));
        } catch (Error e) {
            // A broker's threads would keep the process alive.
            e.printStackTrace();
            System.exit(FAILED);
        }
    }

    private static boolean stays(String[] args) {
        return args[0].equals("spool")
                ? List.of(args).contains("--follow") || List.of(args).contains("--linger")
                : STAYING.contains(args[0]);
    }

    /// The command, to be run inside another program.
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExitCodeExceptionMapper(Main::exitCode)
                .setParameterExceptionHandler(Main::reportWrongUsage)
                .setExecutionExceptionHandler(Main::report);
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case Failure expected -> expected.exitCode();
            case InvalidDeployment invalid -> WRONG_USAGE;
            case ParameterException wrong -> WRONG_USAGE;
            default -> FAILED;
        };
    }

    /// Says what went wrong in a line; a stack trace only for what nobody expected.
    private static int report(Exception failure, CommandLine command, ParseResult parsed) {
        var err = command.getErr();
        switch (failure) {
            case InvalidDeployment invalid -> err.println(invalid.getMessage());
            case Failure expected -> err.println(expected.getMessage());
            case BrokerNotStarted notStarted -> err.println(notStarted.getMessage());
            case KafkaException kafka -> err.println("Kafka: " + withCause(kafka));
            case java.io.IOException io ->
                    err.println(io.getClass().getSimpleName() + ": " + io.getMessage());
            default -> failure.printStackTrace(err);
        }
        err.flush();
        return command.getExitCodeExceptionMapper().getExitCode(failure);
    }

    /// What a client could not do stands in the exception, why in its cause.
    private static String withCause(KafkaException kafka) {
        var cause = kafka.getCause();
        var words = cause == null ? "" + kafka.getMessage() : kafka.getMessage() + ": " + cause;
        return kafka instanceof AuthorizationException || cause instanceof AuthorizationException
                ? words + " What each role must be allowed to do: outmail topics acls"
                : words;
    }

    /// Says what is wrong in a line, and only where a subcommand is missing which there are.
    private static int reportWrongUsage(ParameterException wrong, String[] args) {
        var command = wrong.getCommandLine();
        var err = command.getErr();
        err.println(wrong.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
            if (command.getSubcommands().isEmpty()) {
                err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
            } else {
                command.usage(err);
            }
        }
        err.flush();
        return WRONG_USAGE;
    }
}
