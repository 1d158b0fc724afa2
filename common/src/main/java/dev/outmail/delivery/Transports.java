package dev.outmail.delivery;

import dev.outmail.delivery.smtp.PoolState;
import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTransport;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The means that are in use, one transport for each SMTP server and login, each behind its gate
/// and its breaker. Profiles that name the same share its connections, as many as the most generous
/// of them allows, and its rate, the lowest that one of them names. Settings and servers are
/// guarded by this object's monitor.
public final class Transports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Transports.class);
    private static final Duration MAILER_DEADLINE = Duration.ofMinutes(10);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(500);
    private static final double ROUNDING = 1e-9;
    private static final String NATIVE_MAILER = "native mailer";

    private final Guarded silent;
    private final Guarded nativeMailer;
    private final Function<SmtpServer, Server> smtp;
    private final Map<SmtpServer, Server> servers = new HashMap<>();
    private final SettingsInUse inUse = new SettingsInUse();
    private @Nullable SettingsSnapshot latest;
    private volatile BooleanSupplier othersWait = () -> false;
    private double share = 1;
    private Future<?> sweeping = CompletableFuture.completedFuture(null);

    /// The means of one host that agrees with no other.
    ///
    /// @param sendmail the native mailer's command, an absolute path
    /// @param client our side of SMTP conversations
    public static Transports of(Path sendmail, SmtpClient client, RetryPolicy policy) {
        return of(sendmail, client, Breakers.alone(policy, client.nanoTicker()));
    }

    /// The means of one host.
    ///
    /// @param breakers of the servers
    public static Transports of(Path sendmail, SmtpClient client, Breakers breakers) {
        return of(sendmail, client, breakers, Integer.MAX_VALUE);
    }

    /// The means of one host that has so many places for messages, whatever server they go to.
    public static Transports of(Path sendmail, SmtpClient client, Breakers breakers, int places) {
        var transports =
                new Transports(
                        new SendmailTransport(sendmail, MAILER_DEADLINE, client.nanoTicker()),
                        server -> new SmtpTransport(server, client),
                        breakers,
                        client.nanoTicker(),
                        places);
        transports.sweeping =
                client.scheduler()
                        .scheduleWithFixedDelay(
                                transports::sweep,
                                BETWEEN_SWEEPS.toMillis(),
                                BETWEEN_SWEEPS.toMillis(),
                                TimeUnit.MILLISECONDS);
        return transports;
    }

    /// Nothing may end this: nobody else sends away who waits too long.
    private void sweep() {
        try {
            // Asked outside of the monitor, which who answers may want.
            sweep(othersWait.getAsBoolean());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Looking after gates failed; please report this");
        }
    }

    private synchronized void sweep(boolean hurry) {
        servers.values().forEach(server -> server.guarded().gate().sweep(hurry));
    }

    /// From now on asks whether messages that wait for a server are in the way of others.
    public void askWhetherOthersWait(BooleanSupplier asked) {
        othersWait = asked;
    }

    /// How many messages wait for room at their servers.
    public synchronized int waiting() {
        return servers.values().stream().mapToInt(one -> one.guarded().gate().waiting()).sum();
    }

    /// How the native mailer and each server do that was needed by these settings.
    public List<MeansState> states() {
        Map<SmtpServer, Server> used;
        synchronized (this) {
            used = Map.copyOf(servers);
        }
        var states = new ArrayList<MeansState>();
        states.add(state(NATIVE_MAILER, nativeMailer.breaker(), 0, null));
        used.forEach((key, server) -> states.add(server.state(ServerKey.of(key))));
        return states;
    }

    private static MeansState state(
            String name, Breaker breaker, int waiting, @Nullable PoolState connections) {
        var trouble = breaker.trouble().orElse(null);
        return new MeansState(name, breaker.condition(), trouble, waiting, connections);
    }

    /// The means of one host that agrees with no other.
    ///
    /// @param smtp makes the transport for a server when it is first needed
    Transports(
            Transport nativeMailer,
            Function<SmtpServer, PooledTransport> smtp,
            RetryPolicy policy,
            LongSupplier nanoTime) {
        this(nativeMailer, smtp, Breakers.alone(policy, nanoTime), nanoTime);
    }

    Transports(
            Transport nativeMailer,
            Function<SmtpServer, PooledTransport> smtp,
            Breakers breakers,
            LongSupplier nanoTime) {
        this(nativeMailer, smtp, breakers, nanoTime, Integer.MAX_VALUE);
    }

    private Transports(
            Transport nativeMailer,
            Function<SmtpServer, PooledTransport> smtp,
            Breakers breakers,
            LongSupplier nanoTime,
            int places) {
        this.silent = ofOurOwn(new SilentTransport(), "silent", breakers, nanoTime);
        this.nativeMailer = ofOurOwn(nativeMailer, NATIVE_MAILER, breakers, nanoTime);
        this.smtp =
                server -> {
                    var transport = smtp.apply(server);
                    return new Server(
                            transport,
                            new Guarded(
                                    transport,
                                    new Gate(nanoTime, places),
                                    breakers.of(ServerKey.of(server)),
                                    new MassRefusal(nanoTime)));
                };
    }

    private static Guarded ofOurOwn(
            Transport transport, String name, Breakers breakers, LongSupplier nanoTime) {
        return new Guarded(
                transport, Gate.open(nanoTime), breakers.ofOurOwn(name), new MassRefusal(nanoTime));
    }

    /// A transport and what keeps messages away from it while it can't work, or has enough of them.
    record Guarded(Transport transport, Gate gate, Breaker breaker, MassRefusal massRefusal) {
        private void settingsChanged(SettingsSnapshot settings, Predicate<Connection> ours) {
            breaker.settingsAre(ServerKey.fingerprint(settings, ours));
            massRefusal.settingsChanged();
        }
    }

    private record Server(PooledTransport transport, Guarded guarded) {
        private MeansState state(String name) {
            var connections = transport.connections();
            int waiting = guarded.gate().waiting() + connections.waiting();
            return Transports.state(name, guarded.breaker(), waiting, connections);
        }

        /// @param share of the fleet's
        private void limit(Limits limits, double share) {
            int connections = Math.max(1, (int) (limits.maxConnections() * share + ROUNDING));
            Double perSecond = limits.messagesPerSecond();
            transport.resize(connections);
            guarded.gate().set(connections, perSecond == null ? null : perSecond * share);
        }

        /// Who waits before it is let through, to see that it is closed.
        private void close() {
            transport.close();
            guarded.gate().letAllThrough();
        }
    }

    /// What the whole fleet may do.
    private record Limits(int maxConnections, @Nullable Double messagesPerSecond) {
        private static Limits of(SmtpServer server) {
            return new Limits(server.maxConnections(), server.messagesPerSecond());
        }

        private Limits and(Limits other) {
            return new Limits(
                    Math.max(maxConnections, other.maxConnections),
                    lower(messagesPerSecond, other.messagesPerSecond));
        }

        private static @Nullable Double lower(@Nullable Double one, @Nullable Double other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return Math.min(one, other);
        }
    }

    Guarded by(Decision.Means means) {
        return switch (means) {
            case Decision.Means.Silently silently -> silent;
            case Decision.Means.ByNativeMailer mailer -> nativeMailer;
            case Decision.Means.BySmtp by -> server(by.server());
        };
    }

    private synchronized Guarded server(SmtpServer server) {
        return servers.computeIfAbsent(withoutLimits(server), key -> open(key, server)).guarded();
    }

    private Server open(SmtpServer key, SmtpServer server) {
        var opened = smtp.apply(server);
        var settings = latest;
        var limits = settings == null ? null : limits(settings).get(key);
        opened.limit(limits == null ? Limits.of(server) : limits, share);
        if (settings != null) {
            opened.guarded().settingsChanged(settings, names(key));
        }
        return opened;
    }

    private static Predicate<Connection> names(SmtpServer key) {
        return connection ->
                connection instanceof SmtpServer server && withoutLimits(server).equals(key);
    }

    private static SmtpServer withoutLimits(SmtpServer server) {
        return new SmtpServer(
                server.host(), server.port(), server.security(), server.login(), 1, null);
    }

    private static Map<SmtpServer, Limits> limits(SettingsSnapshot settings) {
        var limits = new HashMap<SmtpServer, Limits>();
        for (var profile : settings.profiles().values()) {
            if (profile.settings().connection() instanceof SmtpServer server) {
                limits.merge(withoutLimits(server), Limits.of(server), Limits::and);
            }
        }
        return limits;
    }

    /// Closes what no profile names any more, where attempts under way end first; gives the others
    /// as many connections as they may have now, and servers that refused who we are another
    /// chance.
    public void settingsChanged(SettingsSnapshot settings) {
        // Before servers that are left send away who waits for them, who then asks again.
        inUse.settingsChanged(settings);
        apply(settings);
    }

    private synchronized void apply(SettingsSnapshot settings) {
        latest = settings;
        var limits = limits(settings);
        servers.entrySet()
                .removeIf(server -> {
                    boolean unused = !limits.containsKey(server.getKey());
                    if (unused) {
                        server.getValue().close();
                    }
                    return unused;
                });
        limitServers(limits);
        servers.forEach((key, server) -> server.guarded().settingsChanged(settings, names(key)));
        nativeMailer.settingsChanged(
                settings, connection -> connection instanceof Connection.NativeMailer);
    }

    /// How much of what the settings allow the whole fleet is for this process: all of it, unless
    /// told otherwise. At least one connection, but no message where it is 0 and there is a rate.
    ///
    /// @param newShare 0 to 1; the shares of all processes must not add up to more than 1 at any
    ///   time
    public synchronized void share(double newShare) {
        if (!(newShare >= 0 && newShare <= 1)) {
            throw new IllegalArgumentException("a share is 0 to 1, not " + newShare);
        }
        share = newShare;
        if (latest != null) {
            limitServers(limits(latest));
        }
    }

    private void limitServers(Map<SmtpServer, Limits> limits) {
        servers.forEach((key, server) -> {
            var limit = limits.get(key);
            if (limit != null) {
                server.limit(limit, share);
            }
        });
    }

    /// For each profile the revision that no attempt under way is older than. A profile that was
    /// removed has one as long as a message is under way by it.
    public Map<String, Long> applied() {
        return inUse.applied();
    }

    /// Calls the listener when [#applied()] may say something new; it must not block.
    public void onApplied(Runnable listener) {
        inUse.onChange(listener);
    }

    /// Begins an attempt by these settings; null where others count by now.
    SettingsInUse.@Nullable Use begin(ProfileSettings settings) {
        return inUse.begin(settings);
    }

    @Override
    public synchronized void close() {
        sweeping.cancel(false);
        servers.values().forEach(Server::close);
        servers.clear();
        nativeMailer.transport().close();
        silent.transport().close();
    }
}
