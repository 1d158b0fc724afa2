package dev.outmail.settings;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What happens to a message.
public sealed interface Connection {

    /// Nothing is sent; each event is accounted for as dropped.
    record Disabled() implements Connection {}

    /// Everything runs, nothing leaves.
    record Silent() implements Connection {}

    /// Handed to the host's own mailer, the sendmail command. Its path is deployment configuration.
    record NativeMailer() implements Connection {}

    /// Sent through an external SMTP server.
    ///
    /// @param host a name or an IP address
    /// @param login null where the server wants none
    /// @param maxConnections at most this many at a time, 1 to 1,000
    /// @param messagesPerSecond at most this many a second; null for no limit
    record SmtpServer(
            String host,
            int port,
            Security security,
            @Nullable Login login,
            int maxConnections,
            @Nullable Double messagesPerSecond)
            implements Connection {
        public static final int DEFAULT_MAX_CONNECTIONS = 10;

        public SmtpServer {
            Objects.requireNonNull(security, "security");
            if (host.isBlank() || !host.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                throw new IllegalArgumentException(
                        "the SMTP host must be a host name or an IP address, not '" + host + "'");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("the SMTP port must be 1 to 65535, not " + port);
            }
            if (maxConnections < 1 || maxConnections > 1_000) {
                throw new IllegalArgumentException(
                        "maxConnections must be 1 to 1000, not " + maxConnections);
            }
            if (messagesPerSecond != null
                    && !(messagesPerSecond > 0 && Double.isFinite(messagesPerSecond))) {
                throw new IllegalArgumentException(
                        "messagesPerSecond must be above 0, not " + messagesPerSecond);
            }
        }

        public SmtpServer withLogin(@Nullable Login changed) {
            return new SmtpServer(host, port, security, changed, maxConnections, messagesPerSecond);
        }

        /// The server as logs and errors name it.
        public String address() {
            return host + ":" + port;
        }
    }

    enum Security {
        /// Plain text.
        NONE,
        /// Plain text first, then TLS, required.
        STARTTLS,
        /// TLS from the first byte.
        TLS
    }

    /// What the server is told to know us by.
    record Login(String username, SecretReference password) {
        public Login {
            Objects.requireNonNull(password, "password");
            if (username.isEmpty()) {
                throw new IllegalArgumentException(
                        "the SMTP username must not be empty; leave it out for a server without login");
            }
        }
    }
}
