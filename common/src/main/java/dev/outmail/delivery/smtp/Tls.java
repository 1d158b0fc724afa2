package dev.outmail.delivery.smtp;

import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// What TLS must be for us: 1.2 or later, a trusted chain, the host's name, and today's date.
final class Tls {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /// Like HTTPS, with the wildcards that Angus allows after STARTTLS.
    private static final String IDENTITY_RULES = "LDAPS";

    private Tls() {}

    /// Shakes hands.
    static SSLSocket secure(SSLSocketFactory factory, GuardedSocket wire, String host)
            throws IOException {
        SSLSocket secured = (SSLSocket) factory.createSocket(wire, host, wire.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(IDENTITY_RULES);
        parameters.setProtocols(PROTOCOLS);
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        wire.securedBy(secured);
        requireValidNow(secured.getSession());
        return secured;
    }

    /// The JDK doesn't look at the dates of a certificate that is itself trusted.
    static void requireValidNow(SSLSession session) throws SSLPeerUnverifiedException {
        Certificate leaf = session.getPeerCertificates()[0];
        if (leaf instanceof X509Certificate certificate) {
            try {
                certificate.checkValidity();
            } catch (CertificateException e) {
                SSLPeerUnverifiedException refusal = new SSLPeerUnverifiedException(problem(e));
                refusal.initCause(e);
                throw refusal;
            }
        }
    }

    /// What went wrong at the bottom of it, in the JDK's words.
    static String problem(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String kind = deepest.getClass().getSimpleName();
        return deepest.getMessage() == null ? kind : kind + ": " + deepest.getMessage();
    }
}
