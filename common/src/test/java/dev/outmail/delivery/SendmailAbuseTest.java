package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.delivery.mime.MimeMessageWriter;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// T27: nothing that an event says reaches a sendmail command as an option, its text arrives as it
/// was, each exit status is understood, and nothing is left behind.
@Timeout(600)
class SendmailAbuseTest {
    private static final boolean FULL = Boolean.getBoolean("outmail.test.faults");
    private static final Duration AMPLE = Duration.ofSeconds(60);

    /// What has made sendmail commands write files, read others or run programs.
    private static final List<String> OPTIONS =
            List.of(
                    "-X/tmp/p",
                    "-oQ",
                    "-oQ/tmp",
                    "-C",
                    "-C/tmp/evil",
                    "-be",
                    "-bs",
                    "-bd",
                    "-t",
                    "-f",
                    "-oi",
                    "-O",
                    "-v",
                    "-",
                    "--",
                    "--help",
                    "-OQueueDirectory=/tmp",
                    "-be${run{/bin/id}}",
                    "-X/tmp/p -oQ/tmp");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @TempDir Path folder;

    @Test
    void noAddressIsReadAsAnOption() throws Exception {
        var mailer = RecordingMailer.in(folder, "");
        var addresses = acceptedAddresses();
        var message =
                outbound(TestMails.SENDER, List.copyOf(addresses), "Subject: x\r\n\r\ntext\r\n");

        var result = (Judged) deliver(mailer, message);

        assertThat(addresses).hasSizeGreaterThan(50);
        var handedOver = new ArrayList<String>();
        for (var run : mailer.runs()) {
            assertThat(run.arguments().subList(0, 4))
                    .containsExactly("-i", "-f", "sender@example.org", "--");
            handedOver.addAll(run.arguments().subList(4, run.arguments().size()));
        }
        assertThat(handedOver)
                .containsExactlyInAnyOrderElementsOf(
                        result.verdicts().stream()
                                .filter(v -> v.verdict() == Verdict.ACCEPTED)
                                .map(v -> v.recipient().toString())
                                .toList())
                .noneMatch(address -> address.startsWith("-"));
        assertThat(result.verdicts())
                .filteredOn(v -> v.verdict() != Verdict.ACCEPTED)
                .isNotEmpty()
                .allMatch(v -> v.verdict() == Verdict.REJECTED);
    }

    @Test
    void noSenderIsReadAsAnOption() throws Exception {
        var mailer = RecordingMailer.in(folder, "");
        var senders = some(acceptedAddresses(), 60);

        for (var sender : senders) {
            deliver(mailer, outbound(sender, List.of(TestMails.SENDER), "Subject: x\r\n\r\n\r\n"));
        }

        assertThat(mailer.runs())
                .isNotEmpty()
                .allSatisfy(run -> {
                    assertThat(run.arguments()).hasSize(5);
                    assertThat(run.arguments().subList(0, 2)).containsExactly("-i", "-f");
                    assertThat(run.arguments().get(2)).doesNotStartWith("-").contains("@");
                    assertThat(run.arguments().subList(3, 5))
                            .containsExactly("--", "sender@example.org");
                });
    }

    @Test
    void whateverATextSaysArrivesAsItWas() throws Exception {
        var mailer = RecordingMailer.in(folder, "");
        var texts = new ArrayList<>(some(naughtyStrings(), 60));
        texts.addAll(
                List.of(
                        ".",
                        "before\n.\n..two\n.\r\nafter",
                        ".\r\n.\r\n",
                        "From here\n.",
                        "\n.\n"));
        var expected = new ArrayList<String>();

        for (var text : texts) {
            var composed = compose(text);
            if (composed != null) {
                var bytes = new String(composed, StandardCharsets.ISO_8859_1);
                expected.add(bytes.replace("\r\n", "\n"));
                deliver(mailer, outbound(TestMails.SENDER, List.of(TestMails.SENDER), composed));
            }
        }

        assertThat(mailer.runs())
                .extracting(run -> new String(run.input(), StandardCharsets.ISO_8859_1))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(expected).hasSizeGreaterThan(30);
    }

    static IntStream exits() {
        return IntStream.rangeClosed(0, 78);
    }

    /// As reliability.md §2 has it; a real process each.
    @ParameterizedTest
    @MethodSource("exits")
    void eachExitStatusIsUnderstood(int status) throws Exception {
        var mailer = RecordingMailer.in(folder, "exit " + status);

        var result = deliver(mailer, TestMails.to("a@b.example"));

        switch (status) {
            case 0 -> assertThat(verdict(result)).isEqualTo(Verdict.ACCEPTED);
            case 64, 65, 66, 67, 68, 70, 76 ->
                    assertThat(verdict(result)).isEqualTo(Verdict.REJECTED);
            case 69, 71, 73, 74, 75 -> assertThat(((Trouble) result).kind()).isEqualTo(Kind.SERVER);
            case 77, 78 -> assertThat(((Trouble) result).kind()).isEqualTo(Kind.CREDENTIALS);
            default -> assertThat(verdict(result)).isEqualTo(Verdict.DEFERRED);
        }
    }

    /// E2BIG can't come up: a call has fifty recipients at most.
    @Test
    void thousandsOfTheLongestAddressesFitIntoTheArguments() throws Exception {
        var mailer = RecordingMailer.in(folder, "");
        var domain = ("d".repeat(60) + ".").repeat(3) + "example";
        var longest =
                IntStream.range(0, FULL ? 10_000 : 500)
                        .mapToObj(i -> new EmailAddress("%063d".formatted(i), domain))
                        .toList();

        var result =
                (Judged) deliver(mailer, outbound(TestMails.SENDER, longest, "A: b\r\n\r\nc\r\n"));

        assertThat(result.verdicts()).allMatch(v -> v.verdict() == Verdict.ACCEPTED);
        assertThat(mailer.runs()).hasSize(longest.size() / 50);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingIsLeftBehind() throws Exception {
        int runs = FULL ? 10_000 : 200;
        var endings = List.of("", "exit 75", "exit 67", "sleep 60", "yes | head -c 100000; exit 0");
        var mailers = new ArrayList<RecordingMailer>();
        for (var ending : endings) {
            var own = Files.createDirectory(folder.resolve("mailer-" + mailers.size()));
            mailers.add(silent(own, ending));
        }
        deliver(mailers.getFirst(), TestMails.to("a@b.example"));
        long files = openFiles();

        var outcomes = new ArrayList<Future<TransportResult>>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < runs; i++) {
                // one in fifty hangs and is stopped
                boolean hangs = i % 50 == 3;
                var mailer = mailers.get(hangs ? 3 : List.of(0, 1, 2, 4).get(i % 4));
                outcomes.add(
                        threads.submit(() ->
                                deliver(
                                        mailer,
                                        hangs ? Duration.ofMillis(200) : AMPLE,
                                        TestMails.to("a@b.example"))));
            }
        }

        for (var outcome : outcomes) {
            assertThat(outcome.get()).isNotNull();
        }
        Await.until(
                Duration.ofSeconds(10),
                () -> ProcessHandle.current().children().findAny().isEmpty(),
                () -> "no child is left, dead or alive; " + children());
        assertThat(openFiles()).isLessThanOrEqualTo(files + 5);
    }

    private static RecordingMailer silent(Path folder, String ending) throws Exception {
        var mailer = RecordingMailer.in(folder, ending);
        Files.writeString(mailer.command(), "#!/bin/sh\ncat > /dev/null\n" + ending + "\n");
        return mailer;
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static List<String> children() {
        return ProcessHandle.current().children().map(ProcessHandle::toString).toList();
    }

    private TransportResult deliver(RecordingMailer mailer, Outbound message)
            throws InterruptedException {
        return deliver(mailer, AMPLE, message);
    }

    private static TransportResult deliver(
            RecordingMailer mailer, Duration deadline, Outbound message)
            throws InterruptedException {
        try (var transport = new SendmailTransport(mailer.command(), deadline, System::nanoTime)) {
            return transport.deliver(message);
        }
    }

    private static Verdict verdict(TransportResult result) {
        return ((Judged) result).verdicts().getFirst().verdict();
    }

    private static Outbound outbound(
            EmailAddress sender, List<EmailAddress> recipients, String message) {
        return outbound(sender, recipients, message.getBytes(StandardCharsets.UTF_8));
    }

    private static Outbound outbound(
            EmailAddress sender, List<EmailAddress> recipients, byte[] message) {
        return new Outbound(new Envelope(sender, recipients), message, false, Clearance.GIVEN);
    }

    /// Of each string all addresses that an event may name.
    private Set<EmailAddress> acceptedAddresses() throws Exception {
        var candidates = new ArrayList<>(naughtyStrings());
        candidates.addAll(OPTIONS);
        var accepted = new LinkedHashSet<EmailAddress>();
        for (var text : candidates) {
            for (var form :
                    List.of(
                            text,
                            text + "@b.example",
                            "\"" + text + "\"@b.example",
                            "a@" + text,
                            "a@" + text + ".example",
                            text + " <a@b.example>")) {
                accepted.addAll(recipients(form));
            }
        }
        accepted.removeIf(address -> !isAscii(address.toString()));
        return accepted;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static Collection<EmailAddress> recipients(String to) {
        try {
            return event().to(to).build().addressing().recipients();
        } catch (InvalidMailEvent e) {
            return List.of();
        }
    }

    private static MailEventBuilder event() {
        return MailEvent.builder()
                .id("1")
                .source("/tests")
                .from("a@b.example")
                .subject("")
                .text("");
    }

    /// Null where an event can't have such a text.
    private static byte @Nullable [] compose(String text) {
        try {
            var event = event().to("a@b.example").subject("x").text(text).build();
            var from = Objects.requireNonNull(event.addressing().from());
            return MimeMessageWriter.write(event, from, Instant.EPOCH).bytes();
        } catch (InvalidMailEvent e) {
            return null;
        }
    }

    private <T> List<T> some(Collection<T> all, int small) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return FULL ? shuffled : shuffled.subList(0, Math.min(small, shuffled.size()));
    }

    private static List<String> naughtyStrings() throws Exception {
        try (var in =
                SendmailAbuseTest.class.getResourceAsStream(
                        "/dev/outmail/wire/naughty-strings/blns.json")) {
            return List.of(JsonMapper.shared().readValue(in, String[].class));
        }
    }
}
