package dev.outmail.console.probe;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts whom this Java trusts, and remembers who was there: where a handshake fails, nobody else
/// can tell whose certificate it was. For one handshake, of one thread.
final class Witness extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;
    private @Nullable PeerCertificate seen;

    private Witness(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    static Witness ofThisJava() throws IOException {
        try {
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init((KeyStore) null);
            return Arrays.stream(trust.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .map(Witness::new)
                    .orElseThrow(() -> new IOException("this Java trusts nobody"));
        } catch (GeneralSecurityException e) {
            throw new IOException("the trust store can't be read: " + e.getMessage(), e);
        }
    }

    SSLSocketFactory factory() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys(), new TrustManager[] {this}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS can't be had: " + e.getMessage(), e);
        }
    }

    /// By which the deployment says who it is, as Java's own context takes them.
    private static KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        var file = System.getProperty("javax.net.ssl.keyStore", "");
        if (file.isEmpty()) {
            return null;
        }
        var password = System.getProperty("javax.net.ssl.keyStorePassword", "").toCharArray();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(new File(file), password), password);
        return keys.getKeyManagers();
    }

    /// Whom the server said to be; empty where it did not come to that.
    Optional<PeerCertificate> seen() {
        return Optional.ofNullable(seen);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        remember(chain);
        judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        remember(chain);
        judge.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        remember(chain);
        judge.checkServerTrusted(chain, type);
    }

    private void remember(X509Certificate[] chain) {
        if (chain.length > 0) {
            seen = new PeerCertificate(chain[0]);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        judge.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
