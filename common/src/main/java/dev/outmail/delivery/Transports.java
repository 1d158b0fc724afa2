package dev.outmail.delivery;

import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTransport;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SettingsSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The means that are in use, one transport for each SMTP server and login, each behind its
/// breaker. Profiles that name the same share its connections, as many as the most generous of them
/// allows. The map of servers is guarded by this object's monitor.
public final class Transports implements AutoCloseable {
    private static final Duration MAILER_DEADLINE = Duration.ofMinutes(10);

    private final Guarded silent;
    private final Guarded nativeMailer;
    private final Function<SmtpServer, Server> smtp;
    private final Map<SmtpServer, Server> servers = new HashMap<>();

    /// The means of one host.
    ///
    /// @param sendmail the native mailer's command, an absolute path
    /// @param client our side of SMTP conversations
    public static Transports of(Path sendmail, SmtpClient client, RetryPolicy policy) {
        return new Transports(
                new SendmailTransport(sendmail, MAILER_DEADLINE, client.nanoTicker()),
                server -> new SmtpTransport(server, client),
                policy,
                client.nanoTicker());
    }

    /// @param smtp makes the transport for a server when it is first needed
    Transports(
            Transport nativeMailer,
            Function<SmtpServer, PooledTransport> smtp,
            RetryPolicy policy,
            LongSupplier nanoTime) {
        Function<Transport, Guarded> guard =
                transport ->
                        new Guarded(
                                transport,
                                new Breaker(policy, nanoTime),
                                new MassRefusal(nanoTime));
        this.silent = guard.apply(new SilentTransport());
        this.nativeMailer = guard.apply(nativeMailer);
        this.smtp =
                server -> {
                    var transport = smtp.apply(server);
                    return new Server(transport, guard.apply(transport));
                };
    }

    /// A transport and what keeps messages away from it while it can't work.
    record Guarded(Transport transport, Breaker breaker, MassRefusal massRefusal) {
        private void settingsChanged() {
            breaker.settingsChanged();
            massRefusal.settingsChanged();
        }
    }

    private record Server(PooledTransport transport, Guarded guarded) {}

    Guarded by(Decision.Means means) {
        return switch (means) {
            case Decision.Means.Silently silently -> silent;
            case Decision.Means.ByNativeMailer mailer -> nativeMailer;
            case Decision.Means.BySmtp by -> server(by.server());
        };
    }

    private synchronized Guarded server(SmtpServer server) {
        return servers.computeIfAbsent(withoutLimits(server), same -> smtp.apply(server)).guarded();
    }

    private static SmtpServer withoutLimits(SmtpServer server) {
        return new SmtpServer(
                server.host(), server.port(), server.security(), server.login(), 1, null);
    }

    /// Closes what no profile names any more, where attempts under way end first; gives the others
    /// as many connections as they may have now, and servers that refused who we are another
    /// chance.
    public synchronized void settingsChanged(SettingsSnapshot settings) {
        var sizes = new HashMap<SmtpServer, Integer>();
        for (var profile : settings.profiles().values()) {
            if (profile.settings().connection() instanceof SmtpServer server) {
                sizes.merge(withoutLimits(server), server.maxConnections(), Math::max);
            }
        }
        servers.entrySet()
                .removeIf(server -> {
                    Integer size = sizes.get(server.getKey());
                    var transport = server.getValue().transport();
                    if (size == null) {
                        transport.close();
                        return true;
                    }
                    transport.resize(size);
                    return false;
                });
        servers.values().forEach(it -> it.guarded().settingsChanged());
        nativeMailer.settingsChanged();
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(server -> server.transport().close());
        servers.clear();
        nativeMailer.transport().close();
        silent.transport().close();
    }
}
