package dev.outmail.delivery;

import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTransport;
import dev.outmail.settings.Connection;
import dev.outmail.settings.SettingsSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The means that are in use, one transport for each SMTP server, each behind its breaker. The map
/// of servers is guarded by this object's monitor.
public final class Transports implements AutoCloseable {
    private static final Duration MAILER_DEADLINE = Duration.ofMinutes(10);

    private final Guarded silent;
    private final Guarded nativeMailer;
    private final Function<Connection.SmtpServer, Guarded> smtp;
    private final Map<Connection.SmtpServer, Guarded> servers = new HashMap<>();

    /// The means of one host.
    ///
    /// @param sendmail the native mailer's command, an absolute path
    /// @param client our side of SMTP conversations
    public static Transports of(Path sendmail, SmtpClient client, RetryPolicy policy) {
        return new Transports(
                new SendmailTransport(sendmail, MAILER_DEADLINE, Thread.ofVirtual().factory()),
                server -> new SmtpTransport(server, client),
                policy,
                client.nanoTicker());
    }

    /// @param smtp makes the transport for a server when it is first needed
    Transports(
            Transport nativeMailer,
            Function<Connection.SmtpServer, Transport> smtp,
            RetryPolicy policy,
            LongSupplier nanoTime) {
        this.silent = new Guarded(new SilentTransport(), new Breaker(policy, nanoTime));
        this.nativeMailer = new Guarded(nativeMailer, new Breaker(policy, nanoTime));
        this.smtp = server -> new Guarded(smtp.apply(server), new Breaker(policy, nanoTime));
    }

    /// A transport and what keeps messages away from it while it can't work.
    record Guarded(Transport transport, Breaker breaker) {}

    Guarded by(Decision.Means means) {
        return switch (means) {
            case Decision.Means.Silently silently -> silent;
            case Decision.Means.ByNativeMailer mailer -> nativeMailer;
            case Decision.Means.BySmtp by -> server(by.server());
        };
    }

    private synchronized Guarded server(Connection.SmtpServer server) {
        return servers.computeIfAbsent(server, smtp);
    }

    /// Closes what no profile names any more, where attempts under way end first, and gives servers
    /// that refused who we are another chance.
    public synchronized void settingsChanged(SettingsSnapshot settings) {
        var named = new HashSet<Connection>();
        settings.profiles().values().forEach(p -> named.add(p.settings().connection()));
        servers.entrySet()
                .removeIf(server -> {
                    if (named.contains(server.getKey())) {
                        return false;
                    }
                    server.getValue().transport().close();
                    return true;
                });
        servers.values().forEach(server -> server.breaker().settingsChanged());
        nativeMailer.breaker().settingsChanged();
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(server -> server.transport().close());
        servers.clear();
        nativeMailer.transport().close();
        silent.transport().close();
    }
}
