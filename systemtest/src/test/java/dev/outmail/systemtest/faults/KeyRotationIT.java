package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection;
import dev.outmail.settings.KeyRing;
import dev.outmail.systemtest.OutmailCommand.Ran;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// T31: the key that passwords are sealed with is replaced under load, step by step as
/// `docs/operations.md` says it. No mail has to wait for it.
class KeyRotationIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final int WORKERS = FaultSuite.sized(1, 2);
    private static final int PER_SECOND = FaultSuite.sized(100, 500);
    private static final String USER = "app";
    private static final String PASSWORD = "it stays the same";

    private final String k1 = KeyRing.generate("k1");
    private final String k2 = KeyRing.generate("k2");

    private volatile boolean replaced;

    @TempDir Path folder;

    @Test
    void aKeyIsReplacedUnderLoadAndNoMailFails() throws Exception {
        var server = ScriptedSmtpServer.start().offerPipelining().requireLogin(USER, PASSWORD);
        ring(k1);
        try (var rig =
                SUITE.rig("T31 key replaced")
                        .server(server)
                        .with("secrets.keys", "file:" + folder.resolve("keys"))
                        .set()) {
            rig.save(sealed(rig));
            rig.startWorkers(WORKERS);
            var publishing = publishUntilReplaced(rig);
            rig.awaitAtServer(PER_SECOND, FaultSuite.PATIENCE);

            ring(k1, k2);
            restart(rig);
            assertThat(secrets(rig, "check", k2).exitCode()).as("k1 may go").isEqualTo(1);
            var rewrapped = secrets(rig, "rewrap", k2, k1);
            assertThat(rewrapped.exitCode()).as(rewrapped.output()).isZero();
            var checked = secrets(rig, "check", k2);
            assertThat(checked.exitCode()).as(checked.output()).isZero();
            ring(k2);
            restart(rig);
            replaced = true;
            Rig.join(publishing, FaultSuite.PATIENCE);
            rig.awaitDrained(FaultSuite.PATIENCE);

            long putOff = rig.log().count(OutcomeName.DEFERRED);
            rig.measured("%d put off, %d logins".formatted(putOff, server.commands("AUTH")));
            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isGreaterThan(PER_SECOND);
            assertThat(found.doubled()).isZero();
            assertThat(rig.ledger().size()).isEqualTo(found.accepted());
            assertThat(putOff).isZero();
            assertThat(rig.records().all(rig.topics().deadLetters())).isEmpty();
            assertThat(rig.workers())
                    .noneMatch(worker -> worker.program().output().contains("can't be opened"));
        }
    }

    /// So that every step is taken under load, however long it takes.
    private Thread publishUntilReplaced(Rig rig) {
        return Thread.ofPlatform()
                .name("publisher")
                .start(() -> {
                    for (int from = 0; !replaced; from += PER_SECOND) {
                        rig.publisher()
                                .publishSteadily(
                                        from, from + PER_SECOND, PER_SECOND, Publisher.TO_ONE);
                    }
                });
    }

    /// What is in the file that the workers have their keys from.
    private void ring(String... keys) throws IOException {
        Files.writeString(folder.resolve("keys"), String.join("\n", keys));
    }

    private Connection sealed(Rig rig) {
        var plain = (Connection.SmtpServer) rig.plain(rig.server().port());
        var binding = Binding.of(rig.topics().settings(), "default", plain, USER);
        return plain.withLogin(
                new Connection.Login(USER, KeyRing.read(k1).seal(PASSWORD, binding)));
    }

    /// One worker after the other.
    private static void restart(Rig rig) {
        var before = rig.workers().stream().filter(WorkerProcess::isRunning).toList();
        assertThat(before).hasSize(WORKERS);
        for (var worker : before) {
            assertThat(worker.terminate().exitCode()).isZero();
            rig.startWorker().awaitMember();
        }
    }

    /// A command of an operator who has these keys.
    private static Ran secrets(Rig rig, String command, String... keys) {
        return rig.command(Map.of("secrets.keys", String.join(",", keys)), "secrets", command);
    }
}
