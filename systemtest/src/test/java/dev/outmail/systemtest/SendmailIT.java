package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.systemtest.OutmailCommand.Ran;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Outmail in the place of `/usr/sbin/sendmail`, by a release's launcher and a link to it.
class SendmailIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ScriptedSmtpServer SERVER = ScriptedSmtpServer.start();
    private static final int BURST = 40;
    private static final int BURST_LINES = 400;

    @TempDir private static Path links;

    @TempDir Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void install() throws IOException {
        Files.createSymbolicLink(Path.of(sendmail()), Path.of(Release.outmail()));
        OUTMAIL.up()
                .saveSettings(
                        "sendmail",
                        "--connection=smtp",
                        "--smtp-host=127.0.0.1",
                        "--smtp-port=" + SERVER.port(),
                        "--smtp-security=none",
                        "--from=Shop <shop@example.com>");
    }

    @BeforeEach
    void environment() {
        environment.putAll(OUTMAIL.up().environment());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("OUTMAIL_SENDMAIL_SPOOL", folder.resolve("spool").toString());
        environment.put("OUTMAIL_SENDMAIL_PROFILE", "sendmail");
        environment.put("OUTMAIL_SENDMAIL_DRAINER", "service");
        environment.put("JAVA_OPTIONS", mark());
    }

    /// An option by which this test's processes are known.
    private String mark() {
        return "-Doutmail.test.folder=" + folder;
    }

    /// Those that calls have started stay half a minute.
    @AfterEach
    void endDrainers() {
        var drainers =
                ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info()
                                        .commandLine()
                                        .filter(line -> line.contains(mark()))
                                        .isPresent())
                        .toList();
        drainers.forEach(ProcessHandle::destroy);
        Await.until(
                PATIENCE,
                () -> drainers.stream().noneMatch(ProcessHandle::isAlive),
                "the drainers end");
    }

    @AfterAll
    static void close() throws IOException {
        SERVER.close();
        Files.delete(Path.of(sendmail())); // of which the folder's clean-up would warn
    }

    private static String sendmail() {
        return links.resolve("sendmail").toString();
    }

    private Ran shell(String script) {
        return OutmailCommand.runShell(folder, script, environment);
    }

    private Ran send(String subject, String words) {
        return shell(
                """
                printf 'To: ada@example.org\\nSubject: %s\\n\\nHello\\n' | %s %s
                """
                        .formatted(subject, sendmail(), words));
    }

    private Ran drain() {
        return shell("'" + Release.outmail() + "' spool drain");
    }

    private static List<Received> received(String subject) {
        return SERVER.received().stream()
                .filter(mail -> mail.text().contains("Subject: " + subject))
                .toList();
    }

    private static Received awaitReceived(String subject) {
        Await.until(PATIENCE, () -> !received(subject).isEmpty(), subject + " arrives");
        return received(subject).getFirst();
    }

    private Ran php(String script) throws IOException {
        var php = ExternalProgram.assumeInstalled("php", "php-cli");
        Files.writeString(folder.resolve("mail.php"), "<?php\n" + script);
        return shell("'%s' -d 'sendmail_path=%s -t -i' mail.php".formatted(php, sendmail()));
    }

    @Test
    void phpsMailIsDelivered() throws Exception {
        environment.put("OUTMAIL_SENDMAIL_DRAINER", "on-demand");

        var ran =
                php(
                        """
                        $sent = mail("Ada <ada@example.org>, bob@example.org", "By PHP",
                            "Hello\\n.\\nthere\\n",
                            ["Bcc" => "secret@example.net", "From" => "Shop <shop@example.com>"],
                            "-fbounces@example.com");
                        echo $sent ? "taken" : "refused";
                        """);

        assertThat(ran).isEqualTo(new Ran(0, "taken"));
        var mail = awaitReceived("By PHP");
        assertThat(mail.sender()).startsWith("<bounces@example.com>");
        assertThat(mail.recipients())
                .containsExactlyInAnyOrder(
                        "<ada@example.org>", "<bob@example.org>", "<secret@example.net>");
        assertThat(mail.text())
                .contains("From: Shop <shop@example.com>", "\r\n\r\nHello\r\n.\r\nthere\r\n")
                .doesNotContain("secret@example.net", "X-Outmail");
    }

    /// CVE-2016-10033 and its kin: what visitors of a site type in ends up as words of the call.
    @Test
    void whatVisitorsTypeInIsNoOption() throws Exception {
        var ran =
                php(
                        """
                        foreach (["-OQueueDirectory=/tmp -X%1$s/log", "-C%1$s/config -be", "-oQ%1$s/queue",
                            "-fa@example.com -X%1$s/log", "x@example.org -X%1$s/log", "-bs", "-be"] as $typed) {
                            mail("ada@example.org", "Typed in", "x", "", $typed);
                        }
                        echo mail("a@example.org>b@example.net", "Two readings", "x") ? "taken" : "refused";
                        echo mail("ada@example.org", "Header\\r\\nBcc: eve@example.net", "x") ? "taken" : "refused";
                        """
                                .formatted(folder));

        assertThat(ran.output()).contains("refusedtaken");
        assertThat(folder).isDirectoryNotContaining("glob:**{log,config,queue}");
        assertThat(drain().exitCode()).isZero();
        awaitReceived("Header");
        assertThat(SERVER.received())
                .allSatisfy(
                        mail -> assertThat(mail.recipients()).doesNotContain("<eve@example.net>"));
        assertThat(received("Two readings")).isEmpty();
    }

    @Test
    void whileKafkaIsAwayMailStaysInTheSpool() {
        var kafka = environment.put("OUTMAIL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");

        var taken = send("While away", "-t -i");
        var without = drain();
        var listed = shell(sendmail() + " -bp");
        environment.put("OUTMAIL_KAFKA_BOOTSTRAP_SERVERS", kafka);
        var with = drain();

        assertThat(taken).isEqualTo(new Ran(0, ""));
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.output()).contains("Published 0, put aside 0, left 1");
        assertThat(listed.output()).contains("ada@example.org", "-- 1 Kbytes in 1 Request.");
        assertThat(with).isEqualTo(new Ran(0, "Published 1, put aside 0, left 0\n"));
        awaitReceived("While away");
    }

    @Test
    void aDrainerThatIsKilledLosesNothingAndSendsNothingTwice() throws Exception {
        // More than is open at a time: the first are deleted while others are still published.
        var line = "x".repeat(900) + "\n";
        Files.writeString(folder.resolve("body"), line.repeat(BURST_LINES));
        var calls =
                """
                for i in $(seq %d); do
                  (printf 'To: ada@example.org\\nSubject: Burst-%%03d.\\n\\n' "$i"; cat body) | %s -t -i &
                  [ $((i %% 20)) -ne 0 ] || wait
                done
                wait
                """
                        .formatted(BURST, sendmail());

        assertThat(shell(calls)).isEqualTo(new Ran(0, ""));
        var killed =
                ExternalProgram.start(List.of(Release.outmail(), "spool", "drain"), environment);
        Await.until(PATIENCE, () -> spooled() < BURST, "the drainer has begun");
        killed.kill();
        int left = spooled();
        var drained = drain();

        assertThat(drained.output()).contains("left 0").doesNotContain("put aside 1");
        assertThat(spooled()).as("after %d were left", left).isZero();
        Await.until(
                PATIENCE,
                () -> received("Burst").size() >= BURST,
                () -> BURST + " arrive; there are " + received("Burst").size());
        send("After the burst", "-t");
        drain();
        awaitReceived("After the burst");
        assertThat(received("Burst").stream().map(SendmailIT::subject).collect(Collectors.toSet()))
                .hasSize(BURST);
        assertThat(received("Burst")).hasSize(BURST);
    }

    private int spooled() throws IOException {
        var mine = folder.resolve("spool").resolve(System.getProperty("user.name"));
        try (var files = Files.list(mine)) {
            return (int) files.filter(file -> file.toString().endsWith(".mail")).count();
        }
    }

    private static String subject(Received mail) {
        int start = mail.text().indexOf("Subject: ");
        return mail.text().substring(start, mail.text().indexOf('\r', start));
    }

    /// The disk is full as far as this process goes: it may write no file of more than 32 KB.
    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        Files.writeString(
                folder.resolve("large"), "To: ada@example.org\n\n" + "x\n".repeat(100_000));

        var full = shell("ulimit -f 64; " + sendmail() + " -t -i <large");

        assertThat(full.exitCode()).as(full.output()).isEqualTo(74);
        assertThat(full.output()).contains("the mail is not in the spool");
        assertThat(spooled()).isZero();
        assertThat(send("Small", "-t -i").exitCode()).isZero();
        assertThat(spooled()).isOne();
    }

    @Test
    void itIsConfiguredByAFileToo() throws Exception {
        var config = folder.resolve("outmail.properties");
        Files.writeString(
                config,
                """
                kafka.bootstrap.servers=%s
                kafka.client.dns.lookup=use_all_dns_ips
                sendmail.spool=%s
                sendmail.profile=sendmail
                sendmail.source=/configured
                worker.id=web-1
                """
                        .formatted(OUTMAIL.up().kafka(), folder.resolve("other")));
        environment.keySet().removeIf(name -> name.startsWith("OUTMAIL_"));
        environment.put("OUTMAIL_CONFIG", config.toString());

        var sent = send("Configured", "-t -i -fshop@example.com");
        var bad = shell(sendmail() + " -t -z </dev/null");

        assertThat(sent).isEqualTo(new Ran(0, ""));
        assertThat(bad.exitCode()).isEqualTo(64);
        awaitReceived("Configured");
    }
}
