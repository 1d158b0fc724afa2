package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sendmail commands of real mailers, those that are installed, each with a configuration of
/// its own: a mail comes out as it went in, to whom it was meant for.
class RealMailersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TEXT = "before\r\n.\r\n..two\r\n\r\nFrom after\r\n.\r\n";
    private static final Outbound MAIL =
            TestMails.with("Subject: x\r\n\r\n" + TEXT, "a@b.example", "o'c+x{y}@d.example");

    @TempDir Path folder;

    @Test
    void msmtpSendsItOn() throws Exception {
        var msmtp = ExternalProgram.assumeInstalled("msmtp", "msmtp");
        try (var server = ScriptedSmtpServer.start()) {
            var mailer = msmtp(msmtp, server);

            assertAccepted(deliver(mailer));

            assertReceived(server);
        }
    }

    /// What a server says reaches us as an exit status of sysexits.h.
    @Test
    void msmtpTellsWhatTheServerSaid() throws Exception {
        var msmtp = ExternalProgram.assumeInstalled("msmtp", "msmtp");
        Path mailer;
        try (var server = ScriptedSmtpServer.start()) {
            mailer = msmtp(msmtp, server);
            server.on(".", "451 4.3.0 later");

            assertServerTrouble(deliver(mailer));
        }
        assertServerTrouble(deliver(mailer));
    }

    private static void assertServerTrouble(TransportResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> assertThat(trouble.kind()).isEqualTo(Kind.SERVER));
    }

    private Path msmtp(Path msmtp, ScriptedSmtpServer server) throws IOException {
        var config =
                write("msmtprc", "account default\nhost 127.0.0.1\nport " + server.port() + "\n");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        return wrapper(msmtp, "-C", config.toString());
    }

    /// Postfix's sendmail puts it into the queue; no other part of Postfix needs to run.
    @Test
    void postfixQueuesIt() throws Exception {
        var postdrop = ExternalProgram.assumeInstalled("postdrop", "postfix");
        var sendmail = postdrop.resolveSibling("sendmail");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        var queue = Files.createDirectory(folder.resolve("queue"));
        var maildrop = Files.createDirectories(queue.resolve("maildrop"));
        for (var each : List.of("public", "pid", "incoming")) {
            Files.createDirectories(queue.resolve(each));
        }
        own(maildrop, "postfix", "postdrop", "rwx-wx---");
        write("conf/master.cf", "");
        var config =
                write(
                        "conf/main.cf",
                        """
                        compatibility_level = 3.6
                        queue_directory = %s
                        data_directory = %s
                        myhostname = host.example
                        inet_interfaces = loopback-only
                        """
                                .formatted(queue, folder.resolve("data")));
        var mailer = wrapper(sendmail, "-C", String.valueOf(config.getParent()));

        assertAccepted(deliver(mailer));

        try (var files = Files.list(maildrop)) {
            var queued = files.toList();
            assertThat(queued).hasSize(1);
            var told = postcat(folder.resolve("conf"), queued.getFirst());
            assertThat(told)
                    .contains("sender: sender@example.org\n")
                    .contains("recipient: a@b.example\n")
                    .contains("recipient: o'c+x{y}@d.example\n")
                    .contains("Subject: x\n\n" + TEXT.replace("\r\n", "\n"));
        }
    }

    private static String postcat(Path config, Path file) {
        var postcat = ExternalProgram.find("postcat").orElseThrow();
        try (var program =
                ExternalProgram.start(postcat, "-c", config.toString(), file.toString())) {
            program.awaitExit(PATIENCE);
            return program.output();
        }
    }

    @Test
    void eximSendsItOn() throws Exception {
        var exim = ExternalProgram.assumeInstalled("exim4", "exim4-daemon-light");
        try (var server = ScriptedSmtpServer.start()) {
            var ownFiles = ownFiles("");
            var spool = spool("mail");
            var config =
                    write(
                            "exim.conf",
                            """
                            primary_hostname = host.example
                            spool_directory = %1$s
                            log_file_path = %1$s/%%slog
                            exim_path = %3$s
                            exim_user = mail
                            exim_group = mail
                            begin routers
                            on:
                              driver = manualroute
                              route_list = * 127.0.0.1
                              self = send
                              transport = on
                            begin transports
                            on:
                              driver = smtp
                              port = %2$d
                              allow_localhost
                              hosts_avoid_tls = *
                            begin retry
                            """
                                    .formatted(spool, server.port(), exim));
            var mailer = script(ownFiles + "'" + exim + "' -C '" + config + "' -odi \"$@\"\n");

            assertAccepted(deliver(mailer));

            assertReceived(server);
        }
    }

    @Test
    void dmaSendsItOn() throws Exception {
        var dma = ExternalProgram.assumeInstalled("dma", "dma");
        try (var server = ScriptedSmtpServer.start()) {
            var ownFiles =
                    ownFiles(
                            """
                            SMARTHOST 127.0.0.1
                            PORT %d
                            SPOOLDIR %s
                            MAILNAME host.example
                            NULLCLIENT
                            """
                                    .formatted(server.port(), spool("root")));
            var mailer = script(ownFiles + "'" + dma + "' \"$@\"\n");

            assertAccepted(deliver(mailer));

            assertReceived(server);
        }
    }

    /// The beginning of a command that sees an `/etc` of its own: dma has its configuration nowhere
    /// else, and a mailer that was unpacked and not installed has no user.
    private String ownFiles(String dmaConfig) throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        var unshare = ExternalProgram.assumeInstalled("unshare", "util-linux").toString();
        Assumptions.assumeTrue(
                exitCode(unshare, "--mount", "true") == 0, "needs a mount namespace");
        var etc = folder.resolve("etc");
        write("etc/group", Files.readString(Path.of("/etc/group")) + "Debian-exim:x:65500:\n");
        write("etc/hosts", "127.0.0.1 localhost\n");
        write(
                "etc/passwd",
                Files.readString(Path.of("/etc/passwd"))
                        + "Debian-exim:x:65500:65500::/nonexistent:/usr/sbin/nologin\n");
        write("etc/dma/dma.conf", dmaConfig);
        return """
        exec '%s' --mount --propagation private sh -c 'mount --bind "$0" /etc && exec "$@"' '%s' \\
        """
                .formatted(unshare, etc);
    }

    private Path spool(String owner) throws Exception {
        var spool = Files.createDirectory(folder.resolve("spool"));
        own(spool, owner, "mail", "rwxrwx---");
        own(folder, "root", "root", "rwxr-xr-x");
        return spool;
    }

    private TransportResult deliver(Path mailer) throws InterruptedException {
        try (var transport = new SendmailTransport(mailer, PATIENCE, System::nanoTime)) {
            return transport.deliver(MAIL);
        }
    }

    private static void assertAccepted(TransportResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Judged.class,
                        judged ->
                                assertThat(judged.verdicts())
                                        .allMatch(v -> v.verdict() == Verdict.ACCEPTED));
    }

    /// In one transaction or one for each domain.
    private static void assertReceived(ScriptedSmtpServer server) {
        Await.until(
                PATIENCE,
                () -> server.received().stream().mapToInt(m -> m.recipients().size()).sum() == 2,
                "both recipients are served");
        assertThat(server.received().stream().flatMap(mail -> mail.recipients().stream()))
                .containsExactlyInAnyOrder("<a@b.example>", "<o'c+x{y}@d.example>");
        assertThat(server.received())
                .allMatch(mail -> mail.sender().startsWith("<sender@example.org>"))
                .extracting(Received::text)
                .allMatch(text -> text.endsWith("\r\n\r\n" + TEXT));
    }

    private Path wrapper(Path program, String... options) throws IOException {
        return script("exec '" + program + "' " + String.join(" ", options) + " \"$@\"\n");
    }

    private Path script(String commands) throws IOException {
        var wrapper = write("sendmail", "#!/bin/sh\n" + commands);
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        return wrapper;
    }

    private Path write(String name, String content) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content, StandardCharsets.UTF_8);
    }

    private static void own(Path file, String user, String group, String permissions)
            throws Exception {
        assertThat(exitCode("chown", user + ":" + group, file.toString())).isZero();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static int exitCode(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
