package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Opens connections to one server, up to and with the login.
final class Connector {
    private final SmtpServer server;
    private final SmtpClient client;
    private final Pipelining pipelining;
    private final Session session;

    Connector(SmtpServer server, SmtpClient client, Pipelining pipelining) {
        this.server = server;
        this.client = client;
        this.pipelining = pipelining;
        this.session = Session.getInstance(properties(server, client));
        session.setDebug(false);
    }

    /// A connection in order, ready for MAIL.
    SmtpSession connect(Attempt attempt) throws SmtpTrouble {
        try (Credentials credentials = credentials()) {
            GuardedSocket wire = dial(attempt);
            try {
                Socket socket = server.security() == Security.TLS ? secure(wire) : wire;
                Opening opening = new Opening(session, server.security(), wire);
                Offers offers = opening.open(socket, credentials);
                return new SmtpSession(wire, opening, offers, pipelining);
            } catch (SmtpTrouble | RuntimeException e) {
                wire.closeQuietly();
                throw e;
            } catch (IOException e) {
                wire.closeQuietly();
                throw unreachable(e.getMessage());
            }
        }
    }

    private @Nullable Credentials credentials() throws SmtpTrouble {
        Login login = server.login();
        if (login == null) {
            return null;
        }
        try {
            return new Credentials(login.username(), client.secrets().password(server, login));
        } catch (SecretUnavailable e) {
            throw new SmtpTrouble(
                    Kind.CREDENTIALS, Reason.LOGIN_FAILED, "no password: " + e.getMessage());
        }
    }

    /// Tries the host's addresses in order, each for its share of the time that is left.
    private GuardedSocket dial(Attempt attempt) throws SmtpTrouble {
        InetAddress[] addresses = resolve();
        long deadline = client.nanoTicker().getAsLong() + client.timeouts().connect().toNanos();
        IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            long share = (deadline - client.nanoTicker().getAsLong()) / (addresses.length - i);
            GuardedSocket wire = new GuardedSocket(client.nanoTicker(), client.timeouts().read());
            attempt.guard(wire);
            try {
                wire.setTcpNoDelay(true);
                wire.connect(
                        new InetSocketAddress(named(addresses[i]), server.port()),
                        (int) Math.max(1, Duration.ofNanos(share).toMillis()));
                wire.expectAnswersWithin(client.timeouts().read());
                return wire;
            } catch (IOException e) {
                wire.closeQuietly();
                failure = e;
            }
        }
        throw unreachable(failure == null ? "the host has no address" : failure.getMessage());
    }

    private InetAddress[] resolve() throws SmtpTrouble {
        try {
            return InetAddress.getAllByName(server.host());
        } catch (UnknownHostException e) {
            throw unreachable("the host name can't be resolved");
        }
    }

    /// The address under the name of the settings: Angus checks the certificate after STARTTLS
    /// against the name that the address has, and would ask DNS for one if it had none.
    private InetAddress named(InetAddress address) throws UnknownHostException {
        String host = hostInCertificate();
        if (address instanceof Inet6Address ip6) {
            return Inet6Address.getByAddress(host, ip6.getAddress(), ip6.getScopeId());
        }
        return InetAddress.getByAddress(host, address.getAddress());
    }

    /// Without the brackets of an IPv6 address literal.
    private String hostInCertificate() {
        String host = server.host();
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    private Socket secure(GuardedSocket wire) throws SmtpTrouble {
        try {
            return Tls.secure(client.tls(), wire, hostInCertificate());
        } catch (IOException e) {
            throw SmtpTrouble.tlsFailed(wire, e);
        }
    }

    private SmtpTrouble unreachable(@Nullable String why) {
        return new SmtpTrouble(
                Kind.SERVER, Reason.UNREACHABLE, server.address() + " can't be reached: " + why);
    }

    private static Properties properties(SmtpServer server, SmtpClient client) {
        Properties properties = new Properties();
        properties.put("mail.debug", "false");
        properties.put("mail.debug.auth", "false");
        properties.put("mail.debug.auth.username", "false");
        properties.put("mail.smtp.localhost", client.ehloName());
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.auth", Boolean.toString(server.login() != null));
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        boolean starttls = server.security() == Security.STARTTLS;
        properties.put("mail.smtp.starttls.enable", Boolean.toString(starttls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(starttls));
        properties.put("mail.smtp.ssl.protocols", String.join(" ", Tls.PROTOCOLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", new TlsUponGuard(client.tls()));
        properties.put("mail.smtp.ssl.hostnameverifier", (HostnameVerifier) Connector::isValidNow);
        return properties;
    }

    /// Asked by Angus after its own checks of chain and name.
    private static boolean isValidNow(String host, SSLSession tls) {
        try {
            Tls.requireValidNow(tls);
            return true;
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }
}
