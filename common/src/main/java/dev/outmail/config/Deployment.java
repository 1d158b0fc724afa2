package dev.outmail.config;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Locks;
import dev.outmail.wire.LogRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an operator says once, at deployment. It never comes from the settings topic.
///
/// @param kafka what goes to the Kafka clients, without the prefix `kafka.`
/// @param limits what an event may be at most
/// @param outcomesAsCloudEvents whether the records of the mailing log are CloudEvents, too
/// @param preferencesView whether an application follows what recipients chose for themselves
/// @param sendmail the native mailer's command, an absolute path
/// @param keys to passwords that are sealed in the settings
/// @param spool of the `sendmail` command
/// @param locks fields of settings that have the same values here whatever the topic says
public record Deployment(
        Map<String, String> kafka,
        Topics topics,
        EventLimits limits,
        WorkerOptions worker,
        LedgerOptions ledger,
        boolean outcomesAsCloudEvents,
        boolean preferencesView,
        Http http,
        Path sendmail,
        Smtp smtp,
        KeyRing keys,
        Locks locks,
        ConsoleOptions console,
        SpoolOptions spool,
        SmtpIn smtpIn) {

    public Deployment {
        kafka = Map.copyOf(kafka);
    }

    /// The name of the host that this runs on, as far as it knows.
    public String hostName() {
        return DeploymentReader.ownHostName();
    }

    /// What makes records of the mailing log.
    public LogRecords logRecords() {
        return new LogRecords(topics.log(), outcomesAsCloudEvents);
    }

    /// Kafka clients whose ids start with the given role and the worker's id.
    public KafkaClients clients(String role) {
        return new KafkaClients(kafka, role + "-" + worker.id());
    }

    /// How a worker works.
    ///
    /// @param id the name that the log shows
    /// @param maxInFlight events in delivery at a time
    /// @param maxInFlightBytes the sum of their sizes
    /// @param drainTimeout how long a worker that stops lets deliveries under way finish
    /// @param sessionTimeout after how much silence Kafka gives a worker's partitions to others;
    ///   the worker itself ends no message without word from Kafka that is younger
    public record WorkerOptions(
            String id,
            int maxInFlight,
            long maxInFlightBytes,
            Duration drainTimeout,
            Duration sessionTimeout) {}

    /// For how long, and how many, events are remembered by which no second copy is sent.
    ///
    /// @param window how long an event is remembered after its last attempt
    /// @param maxIds events remembered for each partition at most
    public record LedgerOptions(Duration window, int maxIds) {}

    /// The pages for admins and operators.
    ///
    /// @param users the file of those who may log in
    /// @param data the folder of its index of the mailing log
    /// @param testHosts what a test of a connection may reach beside servers of the usual ports
    ///   that are not on this host, as `HOST:PORT`
    /// @param url where browsers reach the pages; empty where they are reached directly
    /// @param linkKeys by which links for recipients are signed
    public record ConsoleOptions(
            Path users, Path data, Set<String> testHosts, String url, KeyRing linkKeys) {
        public ConsoleOptions {
            testHosts = Set.copyOf(testHosts);
        }
    }

    /// Our side of SMTP conversations.
    ///
    /// @param localhost the name that the worker gives in EHLO
    /// @param finalDotTimeout how long a server may take for the answer to the final dot; also how
    ///   long a mail in doubt waits before it is sent again
    public record Smtp(String localhost, Duration finalDotTimeout) {}

    /// Mail that is taken over SMTP.
    ///
    /// @param port 0 for any free one
    /// @param tls what clients are shown after STARTTLS; without it there is none
    /// @param users the file of those who may log in; without it nobody can
    /// @param networks who need not log in
    /// @param proxies load balancers, whose connections begin with a header of the PROXY protocol
    /// @param source of events whose messages name none
    /// @param profile likewise
    /// @param drainTimeout how long clients have for what is under way when this ends
    public record SmtpIn(
            String address,
            int port,
            Optional<PemFiles> tls,
            Optional<Path> users,
            Networks networks,
            Networks proxies,
            ClientLimits limits,
            String source,
            String profile,
            Duration drainTimeout) {

        /// What is wrong with it as a whole: nobody should find out by the first mail that is
        /// refused that nobody can send any.
        Optional<String> problem() {
            boolean forThisHost = address.matches("127[.].*|::1|localhost");
            if (forThisHost || !networks.areLoopback() || (tls.isPresent() && users.isPresent())) {
                return Optional.empty();
            }
            return Optional.of(
                    "smtp-in.address="
                            + address
                            + ": clients elsewhere must log in over TLS: give"
                            + " smtp-in.tls.certificate, smtp-in.tls.key and smtp-in.users; or name"
                            + " in smtp-in.networks who need not");
        }
    }

    /// A certificate with what leads from it to its root, and its key (PKCS #8).
    public record PemFiles(Path certificate, Path key) {}

    /// What clients may do at most.
    ///
    /// @param connections of all clients together
    /// @param connectionsPerClient of one address, or of one /64 of IPv6
    /// @param mailsPerSecondPerClient likewise; 0 for any number
    public record ClientLimits(
            int connections, int connectionsPerClient, int mailsPerSecondPerClient) {}

    /// Where the endpoints are.
    ///
    /// @param port 0 for any free one
    /// @param address the local address that the endpoints listen on
    public record Http(String address, int port) {}
}
