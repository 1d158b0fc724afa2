package dev.outmail.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The keys of a deployment, beside `kafka.*`. Names are public.
enum Key {
    TOPICS_PREFIX("topics.prefix"),
    EVENT_MAX_RECIPIENTS("event.max-recipients"),
    EVENT_MAX_BYTES("event.max-bytes"),
    WORKER_ID("worker.id"),
    WORKER_MAX_IN_FLIGHT("worker.max-in-flight"),
    WORKER_MAX_IN_FLIGHT_BYTES("worker.max-in-flight-bytes"),
    WORKER_DRAIN_TIMEOUT("worker.drain-timeout"),
    WORKER_SESSION_TIMEOUT("worker.session-timeout"),
    LEDGER_WINDOW("ledger.window"),
    LEDGER_MAX_IDS("ledger.max-ids"),
    OUTCOMES_CLOUDEVENTS("outcomes.cloudevents"),
    PREFERENCES_VIEW("preferences.view"),
    HTTP_ADDRESS("http.address"),
    HTTP_PORT("http.port"),
    NATIVE_SENDMAIL("native.sendmail"),
    SMTP_LOCALHOST("smtp.localhost"),
    SMTP_FINAL_DOT_TIMEOUT("smtp.final-dot-timeout"),
    SECRETS_KEYS("secrets.keys"),
    CONSOLE_USERS("console.users"),
    CONSOLE_DATA("console.data"),
    CONSOLE_TEST_HOSTS("console.test-hosts"),
    CONSOLE_URL("console.url"),
    CONSOLE_LINK_KEYS("console.link-keys"),
    SENDMAIL_SPOOL("sendmail.spool"),
    SENDMAIL_SOURCE("sendmail.source"),
    SENDMAIL_PROFILE("sendmail.profile"),
    SENDMAIL_DOMAIN("sendmail.domain"),
    SENDMAIL_DRAINER("sendmail.drainer"),
    SMTP_IN_ADDRESS("smtp-in.address"),
    SMTP_IN_PORT("smtp-in.port"),
    SMTP_IN_CERTIFICATE("smtp-in.tls.certificate"),
    SMTP_IN_KEY("smtp-in.tls.key"),
    SMTP_IN_USERS("smtp-in.users"),
    SMTP_IN_NETWORKS("smtp-in.networks"),
    SMTP_IN_PROXIES("smtp-in.proxies"),
    SMTP_IN_MAX_CONNECTIONS("smtp-in.max-connections"),
    SMTP_IN_MAX_CONNECTIONS_PER_CLIENT("smtp-in.max-connections-per-client"),
    SMTP_IN_MAX_MAILS_PER_CLIENT("smtp-in.max-mails-per-second-per-client"),
    SMTP_IN_SOURCE("smtp-in.source"),
    SMTP_IN_PROFILE("smtp-in.profile"),
    SMTP_IN_DRAIN_TIMEOUT("smtp-in.drain-timeout"),
    LOG_FORMAT("log.format");

    private final String written;

    Key(String written) {
        this.written = written;
    }

    String written() {
        return written;
    }

    /// The key as an environment variable, without its prefix.
    String variable() {
        return written.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    String defaultValue() {
        return switch (this) {
            case TOPICS_PREFIX -> "outmail.";
            case EVENT_MAX_RECIPIENTS -> "100";
            case EVENT_MAX_BYTES -> "10485760";
            case WORKER_ID -> DeploymentReader.ownHostName() + "-" + ProcessHandle.current().pid();
            case WORKER_MAX_IN_FLIGHT -> "1000";
            case WORKER_MAX_IN_FLIGHT_BYTES -> "67108864";
            case WORKER_DRAIN_TIMEOUT -> "8s";
            case WORKER_SESSION_TIMEOUT -> "10s";
            case LEDGER_WINDOW -> "24h";
            case LEDGER_MAX_IDS -> "1000000";
            case OUTCOMES_CLOUDEVENTS -> "off";
            case PREFERENCES_VIEW -> "on";
            case HTTP_ADDRESS -> "0.0.0.0";
            case HTTP_PORT -> "8081";
            case NATIVE_SENDMAIL -> "/usr/sbin/sendmail";
            case SMTP_LOCALHOST -> DeploymentReader.ownHostName();
            case SMTP_FINAL_DOT_TIMEOUT -> "10m";
            case CONSOLE_USERS -> "outmail-users";
            case CONSOLE_DATA -> "outmail-console";
            case SMTP_IN_ADDRESS -> "127.0.0.1";
            case SMTP_IN_PORT -> "2525";
            case SMTP_IN_NETWORKS -> "127.0.0.0/8, ::1";
            case SMTP_IN_MAX_CONNECTIONS -> "1000";
            case SMTP_IN_MAX_CONNECTIONS_PER_CLIENT -> "100";
            case SMTP_IN_MAX_MAILS_PER_CLIENT -> "0";
            case SMTP_IN_SOURCE -> "/smtp";
            case SMTP_IN_PROFILE -> "default";
            case SMTP_IN_DRAIN_TIMEOUT -> "8s";
            case SECRETS_KEYS, CONSOLE_TEST_HOSTS, CONSOLE_URL, CONSOLE_LINK_KEYS -> "";
            case SENDMAIL_SPOOL -> "/var/spool/outmail";
            case SENDMAIL_SOURCE -> "/sendmail";
            case SENDMAIL_PROFILE -> "default";
            case SENDMAIL_DOMAIN -> "";
            case SENDMAIL_DRAINER -> "on-demand";
            case SMTP_IN_CERTIFICATE, SMTP_IN_KEY, SMTP_IN_USERS, SMTP_IN_PROXIES -> "";
            case LOG_FORMAT -> "text";
        };
    }

    static List<String> names() {
        return Stream.of(values()).map(Key::written).toList();
    }
}
