package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Identities of servers for tests, good and bad, and of clients, made by the JDK's keytool: each
/// once for each JVM that asks for it.
public final class TestCertificates {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String LOCALHOST = "san=dns:localhost,ip:127.0.0.1";

    /// How often a password is hashed before it opens a store: here it keeps nobody out, and each
    /// client and server opens some.
    private static final List<String> ITERATION_COUNTS =
            List.of(
                    "keystore.pkcs12.macIterationCount",
                    "keystore.pkcs12.certPbeIterationCount",
                    "keystore.pkcs12.keyPbeIterationCount");

    static {
        ITERATION_COUNTS.forEach(count -> Security.setProperty(count, "1"));
    }

    /// Who a server says it is.
    public enum Identity {
        /// localhost and 127.0.0.1, signed by the test CA.
        GOOD,
        /// Like GOOD, but no longer valid.
        EXPIRED,
        /// Signed by the test CA for another host.
        WRONG_HOST,
        /// For localhost, signed by nobody else.
        SELF_SIGNED
    }

    private static final class Authority {
        static final KeyStore KEYS = generate(null, "ca", "bc:c=ca:true", "-validity", "30");
    }

    private static final Map<Identity, KeyStore> MADE = new ConcurrentHashMap<>();

    private TestCertificates() {}

    /// A server's side of TLS.
    public static SSLContext server(Identity identity) {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keys(identity), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no server identity " + identity, e);
        }
    }

    /// A client's side of TLS that trusts the test CA and nobody else.
    public static SSLSocketFactory trustingClient() {
        return clientTrusting(authority());
    }

    /// A client's side of TLS that trusts this identity's own certificate as if it were a CA's.
    public static SSLSocketFactory clientPinning(Identity identity) {
        return clientTrusting(certificate(identity));
    }

    /// Writes a trust store with the test CA, and with identities whose own certificate is trusted
    /// as if it were a CA's, for a JVM of its own: `-Djavax.net.ssl.trustStore=FILE
    /// -Djavax.net.ssl.trustStorePassword=changeit`.
    public static void writeTrustStore(Path file, List<Identity> pinned) {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, PASSWORD);
            anchors.setCertificateEntry("ca", authority());
            for (Identity identity : pinned) {
                anchors.setCertificateEntry(alias(identity), certificate(identity));
            }
            anchors.store(out, PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no trust store " + file, e);
        }
    }

    /// Writes a key store with a server's identity, for a program that reads it from a file; its
    /// password is `changeit`.
    public static void writeKeyStore(Path file, Identity identity) {
        writeKeyStore(file, keys(identity));
    }

    /// Writes a server's identity as PEM: its certificates, and its key as PKCS #8.
    public static void writePem(Path certificates, Path key, Identity identity) {
        try {
            var chain = new StringBuilder();
            for (var certificate : keys(identity).getCertificateChain(alias(identity))) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(certificates, chain);
            var secret = keys(identity).getKey(alias(identity), PASSWORD).getEncoded();
            Files.writeString(key, pem("PRIVATE KEY", secret));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no PEM files of " + identity, e);
        }
    }

    private static String pem(String what, byte[] encoded) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    /// Writes a key store with a client's certificate, `CN=NAME`, signed by the test CA.
    public static void writeClientKeyStore(Path file, String name) {
        writeKeyStore(file, signed(name, "eku=clientAuth", "-validity", "30"));
    }

    private static void writeKeyStore(Path file, KeyStore keys) {
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no key store " + file, e);
        }
    }

    private static KeyStore only(KeyStore keys, String alias)
            throws GeneralSecurityException, IOException {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry(
                alias, keys.getKey(alias, PASSWORD), PASSWORD, keys.getCertificateChain(alias));
        return one;
    }

    private static KeyStore read(Path file) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static Certificate authority() {
        return certificate(Authority.KEYS, "ca");
    }

    private static Certificate certificate(Identity identity) {
        return certificate(keys(identity), alias(identity));
    }

    private static Certificate certificate(KeyStore keys, String alias) {
        try {
            return keys.getCertificate(alias);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no certificate of " + alias, e);
        }
    }

    private static SSLSocketFactory clientTrusting(Certificate certificate) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, PASSWORD);
            anchors.setCertificateEntry("trusted", certificate);
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no client that trusts " + certificate, e);
        }
    }

    private static String alias(Identity identity) {
        return switch (identity) {
            case GOOD -> "good";
            case EXPIRED -> "expired";
            case WRONG_HOST -> "wrong-host";
            case SELF_SIGNED -> "self-signed";
        };
    }

    private static KeyStore keys(Identity identity) {
        return MADE.computeIfAbsent(identity, TestCertificates::make);
    }

    private static KeyStore make(Identity identity) {
        var alias = alias(identity);
        return switch (identity) {
            case GOOD -> signed(alias, LOCALHOST, "-validity", "30");
            case EXPIRED -> signed(alias, LOCALHOST, "-startdate", "-20d", "-validity", "10");
            case WRONG_HOST -> signed(alias, "san=dns:mail.example", "-validity", "30");
            case SELF_SIGNED -> generate(null, alias, LOCALHOST, "-validity", "30");
        };
    }

    private static KeyStore signed(String alias, String extension, String... dates) {
        return generate(Authority.KEYS, alias, extension, dates);
    }

    /// @param authority whose `ca` signs; null for a certificate that is signed by itself
    private static KeyStore generate(
            @Nullable KeyStore authority, String alias, String extension, String... dates) {
        try {
            Path directory = Files.createTempDirectory("outmail-test-certificates");
            Path file = directory.resolve("keys.p12");
            try {
                if (authority != null) {
                    writeKeyStore(file, authority);
                }
                run(command(file, authority != null, alias, extension, dates));
                return only(read(file), alias);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> command(
            Path file, boolean isSigned, String alias, String extension, String... dates) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD),
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=" + alias,
                                "-ext",
                                extension,
                                "-J-XX:+UseSerialGC",
                                "-J-XX:TieredStopAtLevel=1"));
        ITERATION_COUNTS.forEach(count -> command.add("-J-D" + count + "=1"));
        command.addAll(List.of(dates));
        if (isSigned) {
            command.addAll(List.of("-signer", "ca"));
        }
        return command;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
