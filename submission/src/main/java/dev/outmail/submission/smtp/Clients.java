package dev.outmail.submission.smtp;

import dev.outmail.config.Deployment.ClientLimits;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What each client does and may do: a client is an IPv4 address, or a /64 of IPv6. For many
/// threads.
final class Clients {
    /// How long a client that is too fast is kept waiting before it is told.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private static final int FAILED_LOGINS = 10;
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    /// Names that are told apart: a client may invent more than there is memory for.
    private static final int MOST_NAMES = 64;

    private final ClientLimits limits;
    private final TimeMeter time;
    private final Map<InetAddress, Client> clients = new ConcurrentHashMap<>();

    Clients(ClientLimits limits, TimeMeter time) {
        this.limits = limits;
        this.time = time;
    }

    /// One connection more, which is to be closed; empty where it is one too many.
    Optional<Client> enter(InetAddress address) {
        var client =
                clients.compute(
                        network(address),
                        (key, known) -> {
                            var one = known == null ? new Client(key) : known;
                            one.connections.incrementAndGet();
                            return one;
                        });
        if (client.connections() <= limits.connectionsPerClient()) {
            return Optional.of(client);
        }
        client.close();
        return Optional.empty();
    }

    /// Forgets those of whom there is nothing to know.
    void forget() {
        clients.keySet()
                .forEach(key ->
                        clients.computeIfPresent(
                                key, (same, client) -> client.isForgettable() ? null : client));
    }

    int known() {
        return clients.size();
    }

    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        try {
            byte[] bytes = address.getAddress();
            Arrays.fill(bytes, 8, bytes.length, (byte) 0);
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One of them.
    final class Client implements AutoCloseable {
        private final InetAddress key;
        private final Bucket mails =
                bucket(limits.mailsPerSecondPerClient(), Duration.ofSeconds(1));

        /// Of each name, so that a program with a wrong password does not lock out the others.
        private final Map<Integer, Bucket> failures = new ConcurrentHashMap<>();

        /// Changed within the map's [Map#compute], so that no one is forgotten who has just come.
        private final AtomicInteger connections = new AtomicInteger();

        Client(InetAddress key) {
            this.key = key;
        }

        private Bucket bucket(int tokens, Duration period) {
            int most = Math.max(1, tokens);
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(most).refillGreedy(most, period))
                    .withCustomTimePrecision(time)
                    .build();
        }

        private int connections() {
            return connections.get();
        }

        private boolean isForgettable() {
            return connections.get() == 0
                    && mails.getAvailableTokens() >= Math.max(1, limits.mailsPerSecondPerClient())
                    && failures.values().stream()
                            .allMatch(bucket -> bucket.getAvailableTokens() >= FAILED_LOGINS);
        }

        /// Waits until one mail more may begin. False where that would take too long.
        boolean awaitTurn() throws InterruptedException {
            return limits.mailsPerSecondPerClient() == 0
                    || mails.asBlocking().tryConsume(1, LONGEST_WAIT);
        }

        boolean mayTryToLogIn(String name) {
            return failures(name).getAvailableTokens() > 0;
        }

        void failedToLogIn(String name) {
            failures(name).tryConsume(1);
        }

        private Bucket failures(String name) {
            return failures.computeIfAbsent(
                    Math.floorMod(name.hashCode(), MOST_NAMES),
                    any -> bucket(FAILED_LOGINS, FORGIVEN_AFTER));
        }

        @Override
        public void close() {
            clients.computeIfPresent(
                    key,
                    (same, client) -> {
                        client.connections.decrementAndGet();
                        return client;
                    });
        }
    }
}
