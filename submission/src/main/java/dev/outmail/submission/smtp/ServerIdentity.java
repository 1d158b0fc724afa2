package dev.outmail.submission.smtp;

import dev.outmail.config.Deployment.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who this server is, to clients that speak TLS. Its files are read again when they were changed,
/// as whoever renews a certificate does; where the new ones are no good, the old ones stay. For
/// many threads.
final class ServerIdentity {
    private static final Logger log = LoggerFactory.getLogger(ServerIdentity.class);
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final PemFiles files;

    /// Both are guarded by this.
    private SSLContext context;

    private List<FileTime> readAt;

    /// @throws GeneralSecurityException when they are no certificate and its key
    /// @throws UncheckedIOException when they can't be read
    ServerIdentity(PemFiles files) throws GeneralSecurityException {
        this.files = files;
        try {
            this.readAt = changedAt();
            this.context = read();
        } catch (IOException e) {
            throw new UncheckedIOException("the certificate or its key can't be read: " + e, e);
        }
    }

    /// The server's side of TLS upon a socket, before its handshake.
    SSLSocket secure(Socket socket) throws IOException {
        var factory = current().getSocketFactory();
        var tls = (SSLSocket) factory.createSocket(socket, null, true);
        tls.setUseClientMode(false);
        tls.setEnabledProtocols(PROTOCOLS);
        return tls;
    }

    private synchronized SSLContext current() {
        try {
            var changedAt = changedAt();
            if (!changedAt.equals(readAt)) {
                context = read();
                readAt = changedAt;
                log.atInfo().addKeyValue("file", files.certificate()).log("New certificate in use");
            }
        } catch (IOException | GeneralSecurityException e) {
            log.atWarn()
                    .addKeyValue("file", files.certificate())
                    .addKeyValue("cause", e.toString())
                    .log("The certificate or its key can't be read; the one before stays in use");
        }
        return context;
    }

    private List<FileTime> changedAt() throws IOException {
        return List.of(
                Files.getLastModifiedTime(files.certificate()),
                Files.getLastModifiedTime(files.key()));
    }

    private SSLContext read() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var key = key(files.key());
        var chain = chain(files.certificate());
        if (!belong(key, chain[0].getPublicKey())) {
            throw new GeneralSecurityException(
                    files.key()
                            + " is not the key of the first certificate in "
                            + files.certificate());
        }
        store.setKeyEntry("server", key, new char[0], chain);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// Whether what one signs the other takes for signed.
    private static boolean belong(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        var signature =
                Signature.getInstance(
                        switch (key.getAlgorithm()) {
                            case "RSA" -> "SHA256withRSA";
                            case "EC" -> "SHA256withECDSA";
                            default -> key.getAlgorithm();
                        });
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        return signature.verify(signed);
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            var chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new GeneralSecurityException(file + " has no certificate in it");
            }
            return chain.toArray(Certificate[]::new);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        var pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new GeneralSecurityException(
                    file
                            + " has no \"BEGIN PRIVATE KEY\" (PKCS #8, not encrypted) in it; to make"
                            + " one of another: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // of another algorithm, perhaps
            }
        }
        throw new GeneralSecurityException(file + " has no key of RSA, EC or EdDSA in it");
    }
}
