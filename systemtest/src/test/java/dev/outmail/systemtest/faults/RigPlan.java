package dev.outmail.systemtest.faults;

import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a test wants of its rig; each method changes one thing.
final class RigPlan {
    final String test;
    final long seed;
    final String kafka;
    final String prefix;
    final Path folder;
    final Report report;
    final Map<String, String> config = new HashMap<>();
    final List<String> jvmOptions = new ArrayList<>();
    int partitions = 4;
    int connections = 24;
    Optional<Short> replicas = Optional.empty();
    final Map<String, String> environment = new HashMap<>();
    @Nullable ScriptedSmtpServer server;

    RigPlan(String test, long seed, String kafka, String prefix, Path folder, Report report) {
        this.test = test;
        this.seed = seed;
        this.kafka = kafka;
        this.prefix = prefix;
        this.folder = folder;
        this.report = report;
        config.put("kafka.bootstrap.servers", kafka);
        config.put("topics.prefix", prefix);
    }

    RigPlan partitions(int count) {
        partitions = count;
        return this;
    }

    /// Copies of each topic, two of which must have what is written.
    RigPlan replicas(int count) {
        replicas = Optional.of((short) count);
        return this;
    }

    /// A variable of the workers' environment.
    RigPlan environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// Connections to the server, of the whole fleet.
    RigPlan connections(int count) {
        connections = count;
        return this;
    }

    /// A key of the deployment.
    RigPlan with(String key, String value) {
        config.put(key, value);
        return this;
    }

    /// Scales all waits before retries.
    RigPlan retryScale(double scale) {
        return jvm("-Doutmail.test.retry-scale=" + scale);
    }

    /// An option of the workers' JVMs.
    RigPlan jvm(String option) {
        jvmOptions.add(option);
        return this;
    }

    /// This server in place of one that offers neither TLS nor login.
    RigPlan server(ScriptedSmtpServer instead) {
        server = instead;
        return this;
    }

    Rig set() {
        return new Rig(this);
    }
}
