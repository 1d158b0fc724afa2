package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SendmailTransportTest {
    private static final Duration AMPLE = Duration.ofSeconds(30);

    @TempDir Path directory;

    /// Writes its arguments, environment, directory and input next to itself.
    private Path recordingMailer(String ending) throws IOException {
        return mailer(
                """
                for argument in "$@"; do printf '%s\\n' "$argument" >> "$0.args"; done
                printf -- '--call--\\n' >> "$0.args"
                env > "$0.env"
                pwd > "$0.dir"
                cat > "$0.in"
                """
                        + ending);
    }

    private Path mailer(String script) throws IOException {
        Path file = directory.resolve("sendmail");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private TransportResult deliver(Path mailer, Outbound message) throws InterruptedException {
        return deliver(mailer, AMPLE, message);
    }

    private TransportResult deliver(Path mailer, Duration deadline, Outbound message)
            throws InterruptedException {
        try (var transport = new SendmailTransport(mailer, deadline, System::nanoTime)) {
            return transport.deliver(message);
        }
    }

    private String recorded(String what) throws IOException {
        return Files.readString(directory.resolve("sendmail." + what));
    }

    @Test
    void theMailerGetsTheEnvelopeAsArgumentsAndTheMessageWithTheHostsLineEnds() throws Exception {
        Path mailer = recordingMailer("");
        var message =
                TestMails.with("Subject: x\r\n\r\n.\r\na\rb\r\n", "a@b.example", "c@d.example");

        var result = deliver(mailer, message);

        assertThat(result)
                .isInstanceOfSatisfying(
                        Judged.class,
                        judged ->
                                assertThat(judged.verdicts())
                                        .allMatch(v -> v.verdict() == Verdict.ACCEPTED)
                                        .hasSize(2));
        assertThat(result.server()).isEqualTo(mailer.toString());
        assertThat(recorded("args").lines())
                .containsExactly(
                        "-i",
                        "-f",
                        "sender@example.org",
                        "--",
                        "a@b.example",
                        "c@d.example",
                        "--call--");
        assertThat(recorded("in")).isEqualTo("Subject: x\n\n.\na\rb\n");
    }

    @Test
    void theMailerGetsNothingOfOurEnvironment() throws Exception {
        Path mailer = recordingMailer("");

        deliver(mailer, TestMails.to("a@b.example"));

        assertThat(recorded("env").lines())
                .allMatch(line -> line.matches("(PATH|PWD|SHLVL|_|OUTMAIL_NATIVE_MAILER)=.*"))
                .contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        assertThat(recorded("dir")).isEqualTo("/\n");
    }

    @Test
    void manyRecipientsAreHandedOverFiftyAtATime() throws Exception {
        Path mailer = recordingMailer("");

        var result = deliver(mailer, TestMails.to(numbered(120)));

        assertThat(result).isInstanceOf(Judged.class);
        List<String> calls = List.of(recorded("args").split("--call--\n"));
        assertThat(calls)
                .extracting(call -> call.lines().filter(l -> l.endsWith("@b.example")).count())
                .containsExactly(50L, 50L, 20L);
    }

    @Test
    void anAddressThatLooksLikeAnOptionIsRejectedAndNobodyElseIs() throws Exception {
        Path mailer = recordingMailer("");

        var result = deliver(mailer, TestMails.to("-oQ/tmp@b.example", "a@b.example"));

        assertThat(verdicts(result)).containsExactly(Verdict.REJECTED, Verdict.ACCEPTED);
        assertThat(recorded("args")).doesNotContain("-oQ");
    }

    @Test
    void aSenderThatLooksLikeAnOptionReachesNoMailer() throws Exception {
        Path mailer = recordingMailer("");
        var plain = TestMails.to("a@b.example");
        var envelope =
                new Envelope(TestMails.address("-X@b.example"), plain.envelope().recipients());

        var result =
                deliver(mailer, new Outbound(envelope, plain.message(), false, Clearance.GIVEN));

        assertThat(verdicts(result)).containsExactly(Verdict.REJECTED);
        assertThat(directory.resolve("sendmail.args")).doesNotExist();
    }

    @Test
    void onlyAddressesThatNeedSmtpUtf8AreRejected() throws Exception {
        Path mailer = recordingMailer("");

        var result =
                deliver(
                        mailer,
                        TestMails.requiringSmtpUtf8(
                                "A: b\r\n\r\nc\r\n", "ü@b.example", "a@b.example"));

        assertThat(verdicts(result)).containsExactly(Verdict.REJECTED, Verdict.ACCEPTED);
    }

    @Test
    void aHeaderThatNeedsSmtpUtf8IsRejectedForEverybody() throws Exception {
        Path mailer = recordingMailer("");

        var result =
                deliver(
                        mailer,
                        TestMails.requiringSmtpUtf8("To: ü@b.example\r\n\r\nc\r\n", "a@b.example"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Judged.class,
                        judged ->
                                assertThat(judged.verdicts())
                                        .allMatch(v -> v.reason() == Reason.SMTPUTF8_UNSUPPORTED));
    }

    @Test
    void theExitStatusAndTheMailersWordsAreTold() throws Exception {
        Path mailer = mailer("cat > /dev/null; echo 'no \033[2J such user' >&2; exit 67");

        var result = deliver(mailer, TestMails.to("a@b.example"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Judged.class,
                        judged ->
                                assertThat(judged.verdicts())
                                        .singleElement()
                                        .isEqualTo(
                                                new RecipientVerdict(
                                                        TestMails.address("a@b.example"),
                                                        Verdict.REJECTED,
                                                        Reason.REFUSED,
                                                        "exit status 67: no \\u001b[2J such user")));
    }

    @Test
    void aMailerThatCantWorkNowIsServerTrouble() throws Exception {
        Path mailer = mailer("cat > /dev/null; exit 75");

        var result = deliver(mailer, TestMails.to("a@b.example"));

        assertThat(result)
                .isEqualTo(
                        new Trouble(
                                mailer.toString(),
                                Kind.SERVER,
                                Reason.MAILER_FAILED,
                                "exit status 75"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, 75})
    void aMailerThatEndsBeforeItReadsIsJudgedByItsExitStatus(int status) throws Exception {
        Path mailer = mailer("exit " + status);
        var large = TestMails.with("x".repeat(1_000_000) + "\r\n", "a@b.example");

        var result = deliver(mailer, large);

        switch (status) {
            case 0 -> assertThat(verdicts(result)).containsExactly(Verdict.ACCEPTED);
            case 65 -> assertThat(verdicts(result)).containsExactly(Verdict.REJECTED);
            default -> assertThat(result).isInstanceOf(Trouble.class);
        }
    }

    @Test
    void aMailerThatTalksBeforeItReadsBlocksNobodyAndIsQuotedBriefly() throws Exception {
        Path mailer = mailer("head -c 300000 /dev/zero | tr '\\0' x; cat > /dev/null; exit 64");
        var large = TestMails.with("x".repeat(1_000_000) + "\r\n", "a@b.example");

        var result = deliver(mailer, large);

        assertThat(verdicts(result)).containsExactly(Verdict.REJECTED);
        assertThat(((Judged) result).detail()).hasSize(Printable.MAX_LENGTH);
    }

    @Test
    void aMailerThatHangsIsStoppedWithItsChildrenAndInDoubt() throws Exception {
        Path mailer = mailer("cat > /dev/null; sleep 600 & echo $! > \"$0.child\"; wait");

        var result = deliver(mailer, Duration.ofSeconds(2), TestMails.to("a@b.example"));

        assertThat(verdicts(result)).containsExactly(Verdict.IN_DOUBT);
        long child = Long.parseLong(recorded("child").strip());
        ProcessHandle.of(child)
                .ifPresent(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aChildLeftInTheBackgroundIsNotWaitedFor() throws Exception {
        Path mailer = mailer("cat > /dev/null; sleep 600 & echo $! > \"$0.child\"; exit 0");

        var result = deliver(mailer, Duration.ofSeconds(20), TestMails.to("a@b.example"));

        assertThat(verdicts(result)).containsExactly(Verdict.ACCEPTED);
        long child = Long.parseLong(recorded("child").strip());
        assertThat(ProcessHandle.of(child).map(ProcessHandle::destroyForcibly)).contains(true);
    }

    /// What is left of a mailer may hold its input and its output open for as long as it likes.
    @Test
    void whatOutlivesAStoppedMailerHoldsUpNobody() throws Exception {
        Path mailer =
                mailer(
                        """
                        exec 3<&0
                        (sleep 600 <&3 & echo $! > "$0.child")
                        sleep 600
                        """);
        var large = TestMails.with("x".repeat(1_000_000) + "\r\n", "a@b.example");
        var attempt = new FutureTask<>(() -> deliver(mailer, Duration.ofSeconds(1), large));

        Thread.ofVirtual().start(attempt);

        assertThat(verdicts(attempt.get(20, TimeUnit.SECONDS))).containsExactly(Verdict.IN_DOUBT);
        long child = Long.parseLong(recorded("child").strip());
        assertThat(ProcessHandle.of(child).map(ProcessHandle::destroyForcibly)).contains(true);
    }

    @Test
    void aMailerThatNeverStopsTalkingIsStoppedInTime() throws Exception {
        Path mailer = mailer("exec yes");

        var result = deliver(mailer, Duration.ofSeconds(1), TestMails.to("a@b.example"));

        assertThat(verdicts(result)).containsExactly(Verdict.IN_DOUBT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat > /dev/null; ", ""})
    void anAttemptThatIsInterruptedWhileTheMailerRunsIsInDoubt(String reads) throws Exception {
        Path mailer = mailer(reads + "touch \"$0.started\"; sleep 600");
        var interruptedAfter = new CompletableFuture<Boolean>();
        var large = TestMails.with("x".repeat(1_000_000) + "\r\n", "a@b.example");
        var result =
                new FutureTask<>(() -> {
                    var judged = deliver(mailer, large);
                    interruptedAfter.complete(Thread.currentThread().isInterrupted());
                    return judged;
                });
        Thread attempt = Thread.ofVirtual().start(result);
        while (!Files.exists(directory.resolve("sendmail.started"))) {
            Thread.onSpinWait();
        }

        attempt.interrupt();

        assertThat(verdicts(result.get(10, TimeUnit.SECONDS))).containsExactly(Verdict.IN_DOUBT);
        assertThat(interruptedAfter.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAttemptThatIsInterruptedBeforeTheMailerStartsIsNoAttempt() throws Exception {
        Path mailer = recordingMailer("");

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> deliver(mailer, TestMails.to("a@b.example")))
                .isInstanceOf(InterruptedException.class);
        assertThat(directory.resolve("sendmail.args")).doesNotExist();
    }

    @Test
    void withoutLeaveNoMailerStarts() throws Exception {
        Path mailer = recordingMailer("");
        var leave = new Leave(List.of(false));

        var result = deliver(mailer, leave.forMail("a@b.example"));

        assertThat(result).isInstanceOf(TransportResult.Withheld.class);
        assertThat(directory.resolve("sendmail.args")).doesNotExist();
    }

    @Test
    void whoWasServedBeforeTheLeaveEndedStaysServed() throws Exception {
        Path mailer = recordingMailer("");
        var leave = new Leave(List.of(true, false));

        var result = deliver(mailer, leave.forMail(numbered(60)));

        assertThat(verdicts(result).subList(0, 50)).containsOnly(Verdict.ACCEPTED);
        assertThat(verdicts(result).subList(50, 60)).containsOnly(Verdict.DEFERRED);
        assertThat(((Judged) result).verdicts().getLast().reason()).isEqualTo(Reason.WITHHELD);
        assertThat(leave.settledAtEachStep).containsExactly(0, 50);
        assertThat(recorded("args")).containsOnlyOnce("--call--");
    }

    /// Gives leave as it is told to, step by step.
    private static final class Leave implements Clearance {
        private final Iterator<Boolean> answers;
        private final List<Integer> settledAtEachStep = new ArrayList<>();

        Leave(List<Boolean> answers) {
            this.answers = answers.iterator();
        }

        Outbound forMail(String... recipients) {
            var plain = TestMails.to(recipients);
            return new Outbound(plain.envelope(), plain.message(), false, this);
        }

        @Override
        public void begin(Collection<RecipientVerdict> settled) {
            settledAtEachStep.add(settled.size());
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean granted() {
            return answers.next();
        }
    }

    private static String[] numbered(int recipients) {
        return IntStream.range(0, recipients)
                .mapToObj(i -> "r" + i + "@b.example")
                .toArray(String[]::new);
    }

    @Test
    void nothingOfTheMessageStaysBehind() throws Exception {
        Path mailer = recordingMailer("ls -l /proc/self/fd/0 > \"$0.link\"");

        deliver(mailer, TestMails.to("a@b.example"));

        var file = Path.of(recorded("link").replaceAll(".*-> |\\(deleted\\)", "").strip());
        assertThat(file).isAbsolute().doesNotExist();
    }

    @Test
    void aMailerWhoseInterpreterIsMissingIsAMatterOfConfiguration() throws Exception {
        Path mailer = mailer("");
        Files.writeString(mailer, "#!/no/such/shell\n");

        assertThat(deliver(mailer, TestMails.to("a@b.example")))
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> assertThat(trouble.reason()).isEqualTo(Reason.MAILER_MISSING));
    }

    @Test
    void aMissingMailerIsAMatterOfConfiguration() throws Exception {
        Path missing = directory.resolve("no-such-mailer");

        assertThat(deliver(missing, TestMails.to("a@b.example")))
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> {
                            assertThat(trouble.kind()).isEqualTo(Kind.CREDENTIALS);
                            assertThat(trouble.reason()).isEqualTo(Reason.MAILER_MISSING);
                        });
        Files.write(missing, "not executable".getBytes(StandardCharsets.UTF_8));
        assertThat(deliver(missing, TestMails.to("a@b.example"))).isInstanceOf(Trouble.class);
        assertThat(deliver(directory, TestMails.to("a@b.example"))).isInstanceOf(Trouble.class);
    }

    @Test
    void aClosedTransportIsServerTrouble() throws Exception {
        var transport = new SendmailTransport(mailer("exit 0"), AMPLE, System::nanoTime);

        transport.close();

        assertThat(transport.deliver(TestMails.to("a@b.example"))).isInstanceOf(Trouble.class);
    }

    @Test
    void aRelativePathIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new SendmailTransport(Path.of("sendmail"), AMPLE, System::nanoTime));
    }

    private static List<Verdict> verdicts(TransportResult result) {
        assertThat(result).isInstanceOf(Judged.class);
        return ((Judged) result).verdicts().stream().map(RecipientVerdict::verdict).toList();
    }
}
