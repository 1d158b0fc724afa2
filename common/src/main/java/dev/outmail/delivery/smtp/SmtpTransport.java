package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.PooledTransport;
import dev.outmail.delivery.TransportResult;
import dev.outmail.settings.Connection.SmtpServer;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends through one SMTP server, over a few connections that it keeps for a while.
///
/// An answer is waited for as [SmtpTimeouts] says; an interrupted attempt ends at once. It ends
/// with an InterruptedException while nothing was settled, and else with what was: the message may
/// have left.
public final class SmtpTransport implements PooledTransport {
    private static final Logger log = LoggerFactory.getLogger(SmtpTransport.class);
    private static final Duration LONGEST_TIDY_INTERVAL = Duration.ofMillis(500);

    private final String server;
    private final SmtpClient client;
    private final ConnectionPool pool;
    private final ScheduledFuture<?> tidying;

    public SmtpTransport(SmtpServer server, SmtpClient client) {
        this(
                server,
                client,
                ConnectionPool.Limits.of(server.maxConnections()),
                Pipelining.IF_OFFERED);
    }

    SmtpTransport(
            SmtpServer server,
            SmtpClient client,
            ConnectionPool.Limits limits,
            Pipelining pipelining) {
        this.server = server.address();
        this.client = client;
        this.pool =
                new ConnectionPool(
                        server.address(),
                        new Connector(server, client, pipelining),
                        limits,
                        client);
        long interval =
                Math.min(
                        LONGEST_TIDY_INTERVAL.toNanos(),
                        client.timeouts().shortestDeadline().dividedBy(10).toNanos());
        this.tidying =
                client.scheduler()
                        .scheduleWithFixedDelay(
                                this::tidy, interval, interval, TimeUnit.NANOSECONDS);
    }

    @Override
    public TransportResult deliver(Outbound message) throws InterruptedException {
        return pool.carry(new Delivery(server, client.timeouts(), message));
    }

    @Override
    public PoolState connections() {
        return pool.state();
    }

    @Override
    public void resize(int maxConnections) {
        pool.resize(maxConnections);
    }

    /// Nothing may end this but the end of the pool: no deadline is kept without it.
    private void tidy() {
        try {
            pool.tidy();
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("server", server)
                    .setCause(e)
                    .log("Looking after connections failed; please report this");
        }
        if (pool.isDrained()) {
            tidying.cancel(false);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
