package dev.outmail.testkit.kafka;

import dev.outmail.broker.EmbeddedBroker;
import dev.outmail.testkit.smtp.TestCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/// A real broker that asks who somebody is, and lets nobody do what was not granted: TLS with SCRAM
/// (`SASL_SSL`) on one listener, TLS with a client's certificate (`SSL`) on another, Kafka's own
/// authorizer behind both. Its keys are made when it starts. Who connects without TLS, as
/// [#admin()] does, may do everything.
public final class SecuredKafka implements AutoCloseable {
    private static final long SECONDS_TO_ANSWER = 30;
    private static final int ITERATIONS = 4_096;
    private static final String STORE_PASSWORD = "changeit";

    private final Path folder;
    private final EmbeddedBroker broker;
    private final Admin admin;

    private SecuredKafka(Path folder, EmbeddedBroker broker) {
        this.folder = folder;
        this.broker = broker;
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /// Starts one and returns when it answers.
    ///
    /// @param folder for its data and for keys; an empty one
    public static SecuredKafka start(Path folder) {
        var keys = folder.resolve("broker.p12");
        var trusted = folder.resolve("trusted.p12");
        TestCertificates.writeKeyStore(keys, TestCertificates.Identity.GOOD);
        TestCertificates.writeTrustStore(trusted, List.of());
        var settings = new HashMap<>(keyStore(keys));
        settings.putAll(trustStore(trusted));
        settings.put("ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "RULE:^CN=(.*?)$/$1/");
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.put(
                "listener.name.scram.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        var options =
                EmbeddedBroker.Options.in(folder.resolve("data"))
                        .withOverrides(settings)
                        .withListeners(Map.of("SCRAM", "SASL_SSL", "CERTIFICATE", "SSL"));
        return new SecuredKafka(folder, EmbeddedBroker.start(options));
    }

    /// Who may do everything.
    public Admin admin() {
        return admin;
    }

    /// Where whoever may do everything connects, without TLS.
    public String adminBootstrapServers() {
        return broker.bootstrapServers();
    }

    /// Makes users with passwords, or gives them others.
    ///
    /// @param passwords by name
    public void putUsers(Map<String, String> passwords) {
        var alterations = new ArrayList<UserScramCredentialAlteration>();
        var credential = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        passwords.forEach((name, password) ->
                alterations.add(new UserScramCredentialUpsertion(name, credential, password)));
        answer(admin.alterUserScramCredentials(alterations).all());
    }

    /// What a client needs to log in with a password.
    public Map<String, String> byPassword(String name, String password) {
        var config = new HashMap<>(trustStore(folder.resolve("trusted.p12")));
        config.put("bootstrap.servers", broker.bootstrapServers("SCRAM"));
        config.put("security.protocol", "SASL_SSL");
        config.put("sasl.mechanism", "SCRAM-SHA-512");
        config.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(name, password));
        return config;
    }

    /// What a client needs to be known by a certificate, which is made for it.
    public Map<String, String> byCertificate(String name) {
        var keys = folder.resolve("client-" + name + ".p12");
        TestCertificates.writeClientKeyStore(keys, name);
        var config = withoutCertificate();
        config.putAll(keyStore(keys));
        return config;
    }

    /// The same where it has none, with which it gets nowhere.
    public Map<String, String> withoutCertificate() {
        var config = new HashMap<>(trustStore(folder.resolve("trusted.p12")));
        config.put("bootstrap.servers", broker.bootstrapServers("CERTIFICATE"));
        config.put("security.protocol", "SSL");
        return config;
    }

    /// What allows a user an operation.
    public static AclBinding binding(
            String user, ResourcePattern resource, AclOperation operation) {
        return new AclBinding(
                resource,
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    public void allow(Collection<AclBinding> bindings) {
        answer(admin.createAcls(bindings).all());
    }

    public void forbid(Collection<AclBinding> bindings) {
        answer(admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList()).all());
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }

    private static Map<String, String> keyStore(Path file) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                file.toString(),
                "ssl.keystore.password",
                STORE_PASSWORD,
                "ssl.key.password",
                STORE_PASSWORD);
    }

    private static Map<String, String> trustStore(Path file) {
        return Map.of(
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                file.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD);
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker did not do it: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
