package dev.outmail.cli;

import dev.outmail.cli.SettingOptions.Choice;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.settings.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of `outmail settings set`.
final class SettingsChange {
    private enum Mode {
        DISABLED,
        SILENT,
        NATIVE,
        SMTP
    }

    @Option(names = "--connection", description = "disabled, silent, native or smtp")
    private @Nullable Mode connection;

    @Option(names = "--smtp-host", paramLabel = "HOST", description = "The SMTP server")
    private @Nullable String smtpHost;

    @Option(
            names = "--smtp-port",
            paramLabel = "PORT",
            description = "Its port (default: 587, 465 with tls, 25 with none)")
    private @Nullable Integer smtpPort;

    @Option(
            names = "--smtp-security",
            description = "none, starttls (required) or tls (default: starttls)")
    private Connection.@Nullable Security smtpSecurity;

    @Option(
            names = "--smtp-username",
            paramLabel = "NAME",
            description = "Login; an empty one for none")
    private @Nullable String smtpUsername;

    @Option(
            names = "--smtp-password",
            paramLabel = "REFERENCE",
            description = "Where the worker finds the password: env:NAME or file:/PATH",
            converter = SettingOptions.Secret.class)
    private @Nullable SecretReference smtpPassword;

    @Option(
            names = "--smtp-password-prompt",
            arity = "0",
            description =
                    "Ask for the password (or read a line of standard input), and seal it with the first of secrets.keys")
    private @Nullable Boolean smtpPasswordPrompt;

    private @Nullable PasswordSealing sealing;

    @Option(
            names = "--smtp-max-connections",
            paramLabel = "N",
            description = "At most so many connections at a time")
    private @Nullable Integer smtpMaxConnections;

    @Option(
            names = "--smtp-messages-per-second",
            paramLabel = "N",
            description = "At most so many messages a second, of the whole fleet; 0 for no limit")
    private @Nullable Double smtpMessagesPerSecond;

    @Option(
            names = "--timing",
            description = "instantly or in-background",
            converter = SettingOptions.TimingName.class)
    private @Nullable Timing timing;

    @Option(
            names = "--users-may-choose",
            paramLabel = "true|false",
            arity = "1",
            description = "Whether recipients' own choice of timing counts")
    private @Nullable Boolean usersMayChoose;

    @Option(
            names = "--from",
            paramLabel = "MAILBOX",
            description = "The sender, such as 'App <app@example.com>'",
            converter = SettingOptions.Sender.class)
    private @Nullable Mailbox from;

    @Option(
            names = "--force-from",
            paramLabel = "true|false",
            arity = "1",
            description = "Whether it replaces the sender that an event names")
    private @Nullable Boolean forceFrom;

    @Option(
            names = "--incoming-address",
            paramLabel = "ADDRESS|none",
            description =
                    "Where the application reads replies; a warning tells if that is not the sender's",
            converter = SettingOptions.Address.class)
    private @Nullable Choice<EmailAddress> incomingAddress;

    @Option(
            names = "--give-up-after",
            paramLabel = "DURATION",
            description =
                    "How old a mail may get before it is not tried again, such as P5D or PT12H",
            converter = SettingOptions.Period.class)
    private @Nullable Duration giveUpAfter;

    @Mixin private GuardOptions guards = new GuardOptions();

    /// What can be said without knowing the settings.
    void check() {
        boolean nothing =
                guards.nameNothing()
                        && Stream.of(
                                        connection,
                                        smtpHost,
                                        smtpPort,
                                        smtpSecurity,
                                        smtpUsername,
                                        smtpPassword,
                                        smtpPasswordPrompt,
                                        smtpMaxConnections,
                                        smtpMessagesPerSecond,
                                        timing,
                                        usersMayChoose,
                                        from,
                                        forceFrom,
                                        incomingAddress,
                                        giveUpAfter)
                                .allMatch(Objects::isNull);
        if (nothing) {
            throw Failure.wrongUsage(
                    "Nothing to change: name at least one setting (outmail settings set --help)");
        }
    }

    /// Asks for what must not be an argument, if it is to be changed.
    void askForPassword(KafkaOptions kafka, String profile, PasswordPrompt prompt)
            throws IOException {
        if (smtpPasswordPrompt == null) {
            return;
        }
        if (smtpPassword != null) {
            throw Failure.wrongUsage("Either --smtp-password or --smtp-password-prompt, not both");
        }
        var deployment = kafka.deployment();
        PasswordSealing.requireKey(deployment);
        sealing = PasswordSealing.of(deployment, profile, prompt.password());
    }

    Settings apply(Settings settings) {
        try {
            return changed(settings);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongUsage(Objects.toString(e.getMessage()));
        }
    }

    private Settings changed(Settings settings) {
        var changed = settings.withConnection(connection(settings.connection()));
        changed = timing == null ? changed : changed.withTiming(timing);
        changed = usersMayChoose == null ? changed : changed.withUsersMayChoose(usersMayChoose);
        changed = changed.withSender(sender(settings.sender()));
        changed = changed.withGuards(guards.apply(settings.guards()));
        return giveUpAfter == null ? changed : changed.withGiveUpAfter(giveUpAfter);
    }

    private @Nullable Sender sender(@Nullable Sender current) {
        if (from == null && forceFrom == null && incomingAddress == null) {
            return current;
        }
        var mailbox = from != null ? from : current == null ? null : current.mailbox();
        if (mailbox == null) {
            throw Failure.wrongUsage(
                    (forceFrom != null ? "--force-from" : "--incoming-address")
                            + " needs a sender: add --from");
        }
        boolean force = forceFrom != null ? forceFrom : current != null && current.force();
        var incoming = current == null ? null : current.incomingAddress();
        return new Sender(
                mailbox.address(),
                mailbox.name(),
                force,
                incomingAddress != null ? incomingAddress.value() : incoming);
    }

    private Connection connection(Connection current) {
        if (connection != Mode.SMTP
                && !(connection == null && current instanceof Connection.SmtpServer)
                && namesSmtp()) {
            throw Failure.wrongUsage("The --smtp-… options need --connection smtp");
        }
        return switch (connection) {
            case null -> current instanceof Connection.SmtpServer server ? smtp(server) : current;
            case DISABLED -> new Connection.Disabled();
            case SILENT -> new Connection.Silent();
            case NATIVE -> new Connection.NativeMailer();
            case SMTP -> smtp(current instanceof Connection.SmtpServer server ? server : null);
        };
    }

    private boolean namesSmtp() {
        return Stream.of(
                        smtpHost,
                        smtpPort,
                        smtpSecurity,
                        smtpUsername,
                        smtpPassword,
                        smtpPasswordPrompt,
                        smtpMaxConnections,
                        smtpMessagesPerSecond)
                .anyMatch(Objects::nonNull);
    }

    private Connection smtp(Connection.@Nullable SmtpServer current) {
        var host = smtpHost != null ? smtpHost : current == null ? null : current.host();
        if (host == null) {
            throw Failure.wrongUsage("--connection smtp needs --smtp-host");
        }
        var security =
                smtpSecurity != null
                        ? smtpSecurity
                        : current == null ? Connection.Security.STARTTLS : current.security();
        var open =
                new Connection.SmtpServer(
                        host,
                        port(current, security),
                        security,
                        null,
                        smtpMaxConnections != null
                                ? smtpMaxConnections
                                : current == null
                                        ? Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS
                                        : current.maxConnections(),
                        messagesPerSecond(current));
        var changed = open.withLogin(login(current, open));
        if (current != null && Binding.isBroken(current, changed)) {
            throw Failure.wrongUsage(
                    "The password is sealed for this host, port, security and user name: to change"
                            + " one of them, give it again with --smtp-password-prompt, or a"
                            + " reference with --smtp-password");
        }
        return changed;
    }

    private @Nullable Double messagesPerSecond(Connection.@Nullable SmtpServer current) {
        if (smtpMessagesPerSecond != null) {
            return smtpMessagesPerSecond == 0 ? null : smtpMessagesPerSecond;
        }
        return current == null ? null : current.messagesPerSecond();
    }

    private int port(Connection.@Nullable SmtpServer current, Connection.Security security) {
        if (smtpPort != null) {
            return smtpPort;
        }
        if (current != null && current.security() == security) {
            return current.port();
        }
        return switch (security) {
            case NONE -> 25;
            case STARTTLS -> 587;
            case TLS -> 465;
        };
    }

    private Connection.@Nullable Login login(
            Connection.@Nullable SmtpServer current, Connection.SmtpServer changed) {
        var before = current == null ? null : current.login();
        if (smtpUsername == null && smtpPassword == null && sealing == null) {
            return before;
        }
        if (smtpUsername != null && smtpUsername.isEmpty()) {
            return null;
        }
        var username =
                smtpUsername != null ? smtpUsername : before == null ? null : before.username();
        var password =
                smtpPassword != null ? smtpPassword : before == null ? null : before.password();
        if (sealing != null && username != null) {
            password = sealing.seal(changed, username);
        }
        if (username == null || password == null) {
            throw Failure.wrongUsage("A login needs both --smtp-username and --smtp-password");
        }
        return new Connection.Login(username, password);
    }
}
