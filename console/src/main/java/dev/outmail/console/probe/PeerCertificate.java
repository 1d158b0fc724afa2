package dev.outmail.console.probe;

import dev.outmail.delivery.Printable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// The certificate by which a server says who it is, whether or not that is believed.
record PeerCertificate(X509Certificate certificate) {
    private static final Duration EXPIRES_SOON = Duration.ofDays(21);

    /// Also one that the trust store has itself, whose dates Java does not look at.
    void checkDates() throws SSLException {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            throw new SSLException("the certificate's validity check failed: " + e.getMessage(), e);
        }
    }

    /// Whose it is, whose word that is, and until when.
    String words() {
        return Printable.of(
                "Certificate of %s, by %s, valid until %s%s"
                        .formatted(
                                certificate.getSubjectX500Principal().getName(),
                                certificate.getIssuerX500Principal().getName(),
                                until().truncatedTo(ChronoUnit.SECONDS),
                                expiresSoon() ? " — that is soon" : ""));
    }

    private Instant until() {
        return certificate.getNotAfter().toInstant();
    }

    private boolean expiresSoon() {
        return !hasExpired() && Instant.now().plus(EXPIRES_SOON).isAfter(until());
    }

    /// What to do when it is not believed.
    String advice(SSLException failure) {
        if (isCausedBy(failure, CertificateExpiredException.class) || hasExpired()) {
            return "The certificate has expired: the server's owner must renew it.";
        }
        if (isCausedBy(failure, CertificateNotYetValidException.class)) {
            return "The certificate is not valid yet: is the clock here right?";
        }
        if (isCausedBy(failure, CertPathBuilderException.class)) {
            return isSelfSigned()
                    ? "The certificate is signed by nobody but itself: add it to Java's trust store, here and"
                            + " for the workers, or let the server's owner get one of a known authority."
                    : "The certificate is signed by nobody whom this Java trusts: add its authority to the"
                            + " trust store, here and for the workers.";
        }
        return isOfAnotherHost(failure)
                ? "The certificate is another host's: use the name that is in it."
                : "The certificate is not believed: the server's owner must look at it.";
    }

    private boolean hasExpired() {
        return Instant.now().isAfter(until());
    }

    private boolean isSelfSigned() {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean isOfAnotherHost(SSLException failure) {
        return causes(failure)
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(words ->
                        words.contains("No subject alternative")
                                || words.contains("No name matching"));
    }

    private static boolean isCausedBy(SSLException failure, Class<? extends Exception> type) {
        return causes(failure).anyMatch(type::isInstance);
    }

    private static Stream<Throwable> causes(SSLException failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
