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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Identities of servers for tests, good and bad, and of clients, made by the JDK's keytool once
/// for each JVM.
public final class TestCertificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

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

    private static final class Made {
        static final KeyStore KEYS = make();
    }

    private TestCertificates() {}

    /// A server's side of TLS.
    public static SSLContext server(Identity identity) {
        try {
            KeyStore one = only(Made.KEYS, alias(identity));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(one, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no server identity " + identity, e);
        }
    }

    /// A client's side of TLS that trusts the test CA and nobody else.
    public static SSLSocketFactory trustingClient() {
        return clientTrusting("ca");
    }

    /// A client's side of TLS that trusts this identity's own certificate as if it were a CA's.
    public static SSLSocketFactory clientPinning(Identity identity) {
        return clientTrusting(alias(identity));
    }

    /// Writes a trust store with the test CA, and with identities whose own certificate is trusted
    /// as if it were a CA's, for a JVM of its own: `-Djavax.net.ssl.trustStore=FILE
    /// -Djavax.net.ssl.trustStorePassword=changeit`.
    public static void writeTrustStore(Path file, List<Identity> pinned) {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, PASSWORD);
            anchors.setCertificateEntry("ca", Made.KEYS.getCertificate("ca"));
            for (Identity identity : pinned) {
                String alias = alias(identity);
                anchors.setCertificateEntry(alias, Made.KEYS.getCertificate(alias));
            }
            anchors.store(out, PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no trust store " + file, e);
        }
    }

    /// Writes a key store with a server's identity, for a program that reads it from a file; its
    /// password is `changeit`.
    public static void writeKeyStore(Path file, Identity identity) {
        writeKeyStore(file, Made.KEYS, alias(identity));
    }

    /// Writes a server's identity as PEM: its certificates, and its key as PKCS #8.
    public static void writePem(Path certificates, Path key, Identity identity) {
        try {
            var chain = new StringBuilder();
            for (var certificate : Made.KEYS.getCertificateChain(alias(identity))) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(certificates, chain);
            var secret = Made.KEYS.getKey(alias(identity), PASSWORD).getEncoded();
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
        try {
            var all = file.resolveSibling(file.getFileName() + ".all");
            try (OutputStream out = Files.newOutputStream(all)) {
                Made.KEYS.store(out, PASSWORD);
            }
            generate(all, name, "ca", "eku=clientAuth", "-validity", "30");
            writeKeyStore(file, read(all), name);
            Files.delete(all);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no certificate for " + name, e);
        }
    }

    private static void writeKeyStore(Path file, KeyStore keys, String alias) {
        try (OutputStream out = Files.newOutputStream(file)) {
            only(keys, alias).store(out, PASSWORD);
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

    private static SSLSocketFactory clientTrusting(String alias) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, PASSWORD);
            anchors.setCertificateEntry(alias, Made.KEYS.getCertificate(alias));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no client that trusts " + alias, e);
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

    private static KeyStore make() {
        try {
            Path directory = Files.createTempDirectory("outmail-test-certificates");
            Path file = directory.resolve("keys.p12");
            try {
                String localhost = "san=dns:localhost,ip:127.0.0.1";
                generate(file, "ca", null, "bc:c=ca:true", "-validity", "30");
                generate(file, "good", "ca", localhost, "-validity", "30");
                generate(file, "expired", "ca", localhost, "-startdate", "-20d", "-validity", "10");
                generate(file, "wrong-host", "ca", "san=dns:mail.example", "-validity", "30");
                generate(file, "self-signed", null, localhost, "-validity", "30");
                return read(file);
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

    private static void generate(
            Path file, String alias, @Nullable String signer, String extension, String... dates)
            throws IOException {
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
                                "-dname",
                                "CN=" + alias,
                                "-ext",
                                extension));
        command.addAll(List.of(dates));
        if (signer != null) {
            command.addAll(List.of("-signer", signer));
        }
        run(command);
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
