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
            case SECRETS_KEYS, CONSOLE_TEST_HOSTS, CONSOLE_URL, CONSOLE_LINK_KEYS -> "";
            case LOG_FORMAT -> "text";
        };
    }

    static List<String> names() {
        return Stream.of(values()).map(Key::written).toList();
    }
}
