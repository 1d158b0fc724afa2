package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Secrets;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A transport in front of a scripted server, and what tests ask of its results.
final class Rig implements AutoCloseable {
    static final String PASSWORD = "pass word ü";
    static final Login LOGIN = new Login("outmail", SecretReference.parse("env:PASSWORD"));

    /// No test waits this long unless a server hangs, and few let one hang.
    static final SmtpTimeouts PATIENT =
            new SmtpTimeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30));

    final ScriptedSmtpServer server;
    final SmtpTransport transport;
    private final ScheduledExecutorService scheduler;

    private Rig(
            ScriptedSmtpServer server,
            SmtpTransport transport,
            ScheduledExecutorService scheduler) {
        this.server = server;
        this.transport = transport;
        this.scheduler = scheduler;
    }

    /// How a server wants to be talked to; what comes of it is the same.
    enum Manner {
        ONE_BY_ONE,
        PIPELINED
    }

    static Rig plain() {
        return plain(Manner.ONE_BY_ONE);
    }

    static Rig plain(Manner manner) {
        return against(ScriptedSmtpServer.start()).manner(manner).start();
    }

    static Builder against(ScriptedSmtpServer server) {
        return new Builder(server);
    }

    TransportResult deliver(Outbound message) throws InterruptedException {
        return transport.deliver(message);
    }

    String address() {
        return server.host() + ":" + server.port();
    }

    @Override
    public void close() {
        transport.close();
        server.close();
        scheduler.shutdownNow();
    }

    static List<RecipientVerdict> verdicts(TransportResult result) {
        assertThat(result).isInstanceOf(Judged.class);
        return ((Judged) result).verdicts();
    }

    static void assertVerdicts(TransportResult result, Verdict... expected) {
        assertThat(verdicts(result))
                .extracting(RecipientVerdict::verdict)
                .containsExactly(expected);
    }

    static void assertAll(TransportResult result, Verdict verdict, Reason reason) {
        assertThat(verdicts(result))
                .allSatisfy(one -> {
                    assertThat(one.verdict()).isEqualTo(verdict);
                    assertThat(one.reason()).isEqualTo(reason);
                });
    }

    static Trouble assertTrouble(TransportResult result, Kind kind, Reason reason) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> {
                            assertThat(trouble.kind()).isEqualTo(kind);
                            assertThat(trouble.reason()).isEqualTo(reason);
                        });
        return (Trouble) result;
    }

    static final class Builder {
        private final ScriptedSmtpServer server;
        private Security security = Security.NONE;
        private @Nullable Login login;
        private int maxConnections = 2;
        private SmtpTimeouts timeouts = PATIENT;
        private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        private Map<String, String> environment = Map.of("PASSWORD", PASSWORD);
        private LongSupplier ticker = System::nanoTime;
        private ConnectionPool.@Nullable Limits limits;
        private Pipelining pipelining = Pipelining.IF_OFFERED;
        private @Nullable String host;

        private Builder(ScriptedSmtpServer server) {
            this.server = server;
        }

        Builder security(Security security, SSLSocketFactory tls) {
            this.security = security;
            this.tls = tls;
            return this;
        }

        Builder login() {
            return login(LOGIN);
        }

        Builder login(Login login) {
            this.login = login;
            return this;
        }

        Builder manner(Manner manner) {
            if (manner == Manner.PIPELINED) {
                server.offerPipelining();
            }
            return this;
        }

        Builder pipelining(Pipelining pipelining) {
            this.pipelining = pipelining;
            return this;
        }

        Builder environment(Map<String, String> environment) {
            this.environment = environment;
            return this;
        }

        Builder maxConnections(int maxConnections) {
            this.maxConnections = maxConnections;
            return this;
        }

        Builder timeouts(SmtpTimeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        Builder ticker(LongSupplier ticker) {
            this.ticker = ticker;
            return this;
        }

        Builder limits(ConnectionPool.Limits limits) {
            this.limits = limits;
            return this;
        }

        Builder host(String host) {
            this.host = host;
            return this;
        }

        Rig start() {
            var scheduler =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().daemon().factory());
            var connection =
                    new SmtpServer(
                            host == null ? server.host() : host,
                            server.port(),
                            security,
                            login,
                            maxConnections,
                            null);
            var client =
                    new SmtpClient(
                            "worker.example.org",
                            Secrets.of(environment),
                            tls,
                            timeouts,
                            scheduler,
                            ticker,
                            Thread.ofVirtual().factory());
            var transport =
                    new SmtpTransport(
                            connection,
                            client,
                            limits == null ? ConnectionPool.Limits.of(maxConnections) : limits,
                            pipelining);
            return new Rig(server, transport, scheduler);
        }
    }
}
