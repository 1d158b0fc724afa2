package dev.outmail.config;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Locks;
import dev.outmail.wire.Nearest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a deployment from properties and environment variables, and says everything that is wrong
/// with them at once.
///
/// An environment variable is a key in capitals with `_` for `.` and `-`, after `OUTMAIL_`; it
/// counts more than the file.
public final class DeploymentReader {
    /// The environment variable that names the file to read, where no option does.
    public static final String CONFIG_VARIABLE = "OUTMAIL_CONFIG";

    private static final Pattern SERVICE_VARIABLE =
            Pattern.compile(
                    ".+_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
                            + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private static final String ENVIRONMENT_PREFIX = "OUTMAIL_";
    private static final String KAFKA_PREFIX = "kafka.";
    private static final String LOCK_PREFIX = "lock.";

    /// What brokers accept by default (`group.min.session.timeout.ms`).
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(6);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final Map<String, String> values = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private DeploymentReader() {}

    /// Reads it.
    ///
    /// @param properties what the file says
    /// @param environment all environment variables; those of others are passed over
    /// @throws InvalidDeployment with every problem
    public static Deployment read(Map<String, String> properties, Map<String, String> environment) {
        var reader = new DeploymentReader();
        properties.forEach(reader::take);
        keys(environment).forEach(reader::take);
        var deployment = reader.deployment();
        if (deployment == null || !reader.problems.isEmpty()) {
            throw new InvalidDeployment(reader.problems);
        }
        return deployment;
    }

    /// Reads what the `sendmail` command needs, and passes over what is wrong with the rest, but
    /// for keys that are unknown. It does so without Kafka's classes.
    ///
    /// @throws InvalidDeployment with every problem
    public static SpoolOptions readSpool(
            Map<String, String> properties, Map<String, String> environment) {
        var reader = new DeploymentReader();
        properties.forEach(reader::takeUnlessKafkas);
        keys(environment).forEach(reader::takeUnlessKafkas);
        var limits = reader.limits();
        var spool = limits == null ? null : reader.spool(limits);
        if (spool == null || !reader.problems.isEmpty()) {
            throw new InvalidDeployment(reader.problems);
        }
        return spool;
    }

    /// What environment variables say, as keys. Those that are not Outmail's are passed over, as
    /// are those by which Kubernetes tells each pod of services named `outmail-…`.
    public static Map<String, String> keys(Map<String, String> environment) {
        var keys = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)
                    && !name.equals(CONFIG_VARIABLE)
                    && !isOfService(name, value)) {
                keys.put(key(name.substring(ENVIRONMENT_PREFIX.length())), value);
            }
        });
        return keys;
    }

    /// Whether it is a variable such as `OUTMAIL_CONSOLE_SERVICE_HOST`, or
    /// `OUTMAIL_SMTP_IN_PORT=tcp://10.0.0.7:587`, which but for its value would be a key.
    private static boolean isOfService(String name, String value) {
        return SERVICE_VARIABLE.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
    }

    private static String key(String variable) {
        for (var key : Key.values()) {
            if (key.variable().equals(variable)) {
                return key.written();
            }
        }
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private void take(String key, String written) {
        var value = written.strip();
        if (key.startsWith(KAFKA_PREFIX)) {
            if (KafkaClients.FIXED_KEYS.contains(key.substring(KAFKA_PREFIX.length()))) {
                problems.add(key + " can't be set: Outmail's guarantees rest on the value it has");
            }
            values.put(key, value);
        } else if (key.startsWith(LOCK_PREFIX) || Key.names().contains(key)) {
            values.put(key, value);
        } else {
            problems.add(unknown(key));
        }
    }

    private void takeUnlessKafkas(String key, String written) {
        if (!key.startsWith(KAFKA_PREFIX)) {
            take(key, written);
        }
    }

    private static String unknown(String key) {
        String all = "keys are: kafka.*, " + String.join(", ", Key.names()) + ", lock.*";
        return "unknown key "
                + key
                + Nearest.to(key, Key.names())
                        .map(nearest -> "; did you mean " + nearest + "? The " + all)
                        .orElse("; " + all);
    }

    private @Nullable Deployment deployment() {
        var kafka = section(KAFKA_PREFIX, values);
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            problems.add("kafka.bootstrap.servers is missing, such as localhost:9092");
        }
        var topics = value(Key.TOPICS_PREFIX, Topics::new);
        var limits = limits();
        var worker = worker();
        var ledger = ledger();
        var cloudEvents = value(Key.OUTCOMES_CLOUDEVENTS, DeploymentReader::onOrOff);
        var preferencesView = value(Key.PREFERENCES_VIEW, DeploymentReader::onOrOff);
        var http = http();
        var sendmail = value(Key.NATIVE_SENDMAIL, DeploymentReader::absolutePath);
        var smtp = smtp();
        var keys = value(Key.SECRETS_KEYS, KeyRing::read);
        var locks = Locks.read(section(LOCK_PREFIX, values), problems::add);
        var console = console();
        var smtpIn = smtpIn();
        var spool = limits == null ? null : spool(limits);
        // Whoever sets up the log looks it up; here it is only checked.
        var logFormat = value(Key.LOG_FORMAT, DeploymentReader::logFormat);
        if (topics == null
                || limits == null
                || worker == null
                || ledger == null
                || cloudEvents == null
                || preferencesView == null
                || http == null
                || sendmail == null
                || smtp == null
                || keys == null
                || console == null
                || smtpIn == null
                || spool == null
                || logFormat == null) {
            return null;
        }
        return new Deployment(
                kafka,
                topics,
                limits,
                worker,
                ledger,
                cloudEvents,
                preferencesView,
                http,
                sendmail,
                smtp,
                keys,
                locks,
                console,
                smtpIn,
                spool);
    }

    /// The locks among keys; what is none is passed over.
    public static Locks locks(Map<String, String> keys) {
        return Locks.read(section(LOCK_PREFIX, keys), problem -> {});
    }

    /// What stands under a prefix, without it.
    private static Map<String, String> section(String prefix, Map<String, String> keys) {
        var section = new TreeMap<String, String>();
        keys.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                section.put(key.substring(prefix.length()), value);
            }
        });
        return section;
    }

    private @Nullable EventLimits limits() {
        var recipients = value(Key.EVENT_MAX_RECIPIENTS, v -> (int) number(v, 1, 10_000));
        var bytes = value(Key.EVENT_MAX_BYTES, v -> (int) number(v, 1_024, 256L << 20));
        return recipients == null || bytes == null ? null : new EventLimits(recipients, bytes);
    }

    private Deployment.@Nullable WorkerOptions worker() {
        var id = value(Key.WORKER_ID, DeploymentReader::identifier);
        var maxInFlight = value(Key.WORKER_MAX_IN_FLIGHT, v -> (int) number(v, 1, 100_000));
        var bytes = value(Key.WORKER_MAX_IN_FLIGHT_BYTES, v -> number(v, 1, Long.MAX_VALUE));
        var drain = value(Key.WORKER_DRAIN_TIMEOUT, DeploymentReader::duration);
        var session = value(Key.WORKER_SESSION_TIMEOUT, v -> duration(v, SHORTEST_SESSION));
        return id == null
                        || maxInFlight == null
                        || bytes == null
                        || drain == null
                        || session == null
                ? null
                : new Deployment.WorkerOptions(id, maxInFlight, bytes, drain, session);
    }

    private Deployment.@Nullable LedgerOptions ledger() {
        var window = value(Key.LEDGER_WINDOW, v -> duration(v, Duration.ofMinutes(1)));
        var maxIds = value(Key.LEDGER_MAX_IDS, v -> (int) number(v, 1_000, 100_000_000));
        return window == null || maxIds == null
                ? null
                : new Deployment.LedgerOptions(window, maxIds);
    }

    private Deployment.@Nullable Smtp smtp() {
        var localhost = value(Key.SMTP_LOCALHOST, DeploymentReader::hostName);
        var finalDot = value(Key.SMTP_FINAL_DOT_TIMEOUT, v -> duration(v, Duration.ofSeconds(1)));
        return localhost == null || finalDot == null
                ? null
                : new Deployment.Smtp(localhost, finalDot);
    }

    private Deployment.@Nullable Http http() {
        var address = value(Key.HTTP_ADDRESS, DeploymentReader::listenAddress);
        var port = value(Key.HTTP_PORT, v -> (int) number(v, 0, 65_535));
        return address == null || port == null ? null : new Deployment.Http(address, port);
    }

    private @Nullable SpoolOptions spool(EventLimits limits) {
        var folder = value(Key.SENDMAIL_SPOOL, DeploymentReader::absolutePath);
        var source = value(Key.SENDMAIL_SOURCE, DeploymentReader::source);
        var profile = value(Key.SENDMAIL_PROFILE, DeploymentReader::identifier);
        var domain = value(Key.SENDMAIL_DOMAIN, v -> v.isEmpty() ? v : hostName(v));
        var drainer = value(Key.SENDMAIL_DRAINER, DeploymentReader::onDemand);
        return folder == null
                        || source == null
                        || profile == null
                        || domain == null
                        || drainer == null
                ? null
                : new SpoolOptions(folder, source, profile, domain, drainer, limits);
    }

    private Deployment.@Nullable ConsoleOptions console() {
        var users = value(Key.CONSOLE_USERS, Path::of);
        var data = value(Key.CONSOLE_DATA, Path::of);
        var testHosts = value(Key.CONSOLE_TEST_HOSTS, DeploymentReader::hostsAndPorts);
        var url = value(Key.CONSOLE_URL, DeploymentReader::webAddress);
        var linkKeys = value(Key.CONSOLE_LINK_KEYS, KeyRing::read);
        return users == null || data == null || testHosts == null || url == null || linkKeys == null
                ? null
                : new Deployment.ConsoleOptions(users, data, testHosts, url, linkKeys);
    }

    private Deployment.@Nullable SmtpIn smtpIn() {
        var address = value(Key.SMTP_IN_ADDRESS, DeploymentReader::listenAddress);
        var port = value(Key.SMTP_IN_PORT, v -> (int) number(v, 0, 65_535));
        var certificate = value(Key.SMTP_IN_CERTIFICATE, DeploymentReader::path);
        var key = value(Key.SMTP_IN_KEY, DeploymentReader::path);
        var users = value(Key.SMTP_IN_USERS, DeploymentReader::path);
        var networks = value(Key.SMTP_IN_NETWORKS, Networks::parse);
        var proxies = value(Key.SMTP_IN_PROXIES, Networks::parse);
        var limits = clientLimits();
        var source = value(Key.SMTP_IN_SOURCE, v -> new EventId(v, "any").source());
        var profile = value(Key.SMTP_IN_PROFILE, DeploymentReader::identifier);
        var drain = value(Key.SMTP_IN_DRAIN_TIMEOUT, DeploymentReader::duration);
        if (address == null
                || port == null
                || certificate == null
                || key == null
                || users == null
                || networks == null
                || proxies == null
                || limits == null
                || source == null
                || profile == null
                || drain == null) {
            return null;
        }
        var tls = certificate.flatMap(c -> key.map(k -> new Deployment.PemFiles(c, k)));
        if (certificate.isPresent() != key.isPresent()) {
            problems.add(
                    "smtp-in.tls.certificate and smtp-in.tls.key: one is no use without the other");
        }
        var smtpIn =
                new Deployment.SmtpIn(
                        address, port, tls, users, networks, proxies, limits, source, profile,
                        drain);
        smtpIn.problem().ifPresent(problems::add);
        return smtpIn;
    }

    private Deployment.@Nullable ClientLimits clientLimits() {
        var all = value(Key.SMTP_IN_MAX_CONNECTIONS, v -> (int) number(v, 1, 100_000));
        var each = value(Key.SMTP_IN_MAX_CONNECTIONS_PER_CLIENT, v -> (int) number(v, 1, 100_000));
        var mails = value(Key.SMTP_IN_MAX_MAILS_PER_CLIENT, v -> (int) number(v, 0, 1_000_000));
        return all == null || each == null || mails == null
                ? null
                : new Deployment.ClientLimits(all, each, mails);
    }

    private <T> @Nullable T value(Key key, Function<String, T> read) {
        String written = values.getOrDefault(key.written(), key.defaultValue());
        try {
            return read.apply(written);
        } catch (IllegalArgumentException e) {
            var shown =
                    key == Key.SECRETS_KEYS || key == Key.CONSOLE_LINK_KEYS ? "" : "=" + written;
            problems.add(key.written() + shown + ": " + e.getMessage());
            return null;
        }
    }

    private static long number(String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("must be a whole number from " + min + " to " + max);
    }

    private static Duration duration(String text) {
        var simple = DURATION.matcher(text);
        try {
            var duration = simple.matches() ? duration(simple) : Duration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new IllegalArgumentException("must be a duration such as 500ms, 8s, 2m or PT8S");
    }

    private static Duration duration(String text, Duration least) {
        var duration = duration(text);
        if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException("must be at least " + least.toSeconds() + "s");
        }
        return duration;
    }

    private static Duration duration(Matcher simple) {
        long amount = Long.parseLong(simple.group(1));
        return switch (simple.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static boolean onOrOff(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("must be on or off");
        };
    }

    private static String source(String text) {
        if (!text.matches("\\P{Cntrl}{1,200}")) {
            throw new IllegalArgumentException("must be 1 to 200 characters such as /shop");
        }
        return text;
    }

    private static boolean onDemand(String text) {
        return switch (text) {
            case "on-demand" -> true;
            case "service" -> false;
            default -> throw new IllegalArgumentException("must be on-demand or service");
        };
    }

    private static String logFormat(String text) {
        return switch (text) {
            case "text", "json" -> text;
            default -> throw new IllegalArgumentException("must be text or json");
        };
    }

    private static Optional<Path> path(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }

    private static Path absolutePath(String text) {
        var path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("must be an absolute path");
        }
        return path;
    }

    private static String identifier(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException(
                    "must be letters, digits, '.', '_' and '-', at most 100");
        }
        return text;
    }

    private static Set<String> hostsAndPorts(String text) {
        var places = new TreeSet<String>();
        for (var place : text.split(",", -1)) {
            if (!text.isBlank()) {
                if (!place.strip().matches("[A-Za-z0-9.:\\[\\]-]{1,253}:([0-9]{1,5}|[*])")) {
                    throw new IllegalArgumentException(
                            "must be HOST:PORT, or HOST:* for all ports, parted by commas");
                }
                places.add(place.strip().toLowerCase(Locale.ROOT));
            }
        }
        return places;
    }

    /// Without a slash at its end.
    private static String webAddress(String text) {
        if (!text.isEmpty()
                && !text.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._/-]*)?")) {
            throw new IllegalArgumentException("must be such as https://mail-admin.example.com");
        }
        return text.replaceFirst("/+$", "");
    }

    private static String listenAddress(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must be a local address; 0.0.0.0 is all of them");
        }
        return text;
    }

    /// A domain or an address literal (RFC 5321 §4.1.3).
    private static String hostName(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[(IPv6:)?[0-9A-Fa-f:.]+]")) {
            throw new IllegalArgumentException("must be a host name, or an address in brackets");
        }
        return text;
    }

    static String ownHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
