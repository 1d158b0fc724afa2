package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaProcess;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// T29: instant delivery says what came of a mail, within its deadline, whatever the mail server
/// and Kafka do; and nobody tries again behind the application's back.
class InstantUnderFaultsIT {
    private static final int EACH = 3;

    private static final Duration FINAL_DOT = Duration.ofSeconds(1);
    private static final Duration DEADLINE = FINAL_DOT.plusSeconds(2);
    private static final Duration SETTINGS_DEADLINE = Duration.ofSeconds(5);

    /// What a server does with each mail, and what the application must hear of it.
    private enum Server {
        TAKES(server -> {}, Told.DELIVERED),
        REFUSES_A_RECIPIENT(s -> s.on("RCPT TO:<ada@", "550 5.1.1 no such user"), Told.REJECTED),
        REFUSES_THE_MESSAGE(s -> s.on(".", otherWordsEachTime("554 5.6.0 ")), Told.REJECTED),
        PUTS_OFF(s -> s.on(".", "451 4.3.0 try again later"), Told.DEFERRED),
        GOES_BEFORE_THE_END(s -> s.on("DATA", Act.reset()), Told.DEFERRED),
        IS_CLOSING(s -> s.on("CONNECT", "421 4.3.2 closing"), Told.DEFERRED),
        GOES_AFTER_THE_END(s -> s.on(".", Act.close()), Told.IN_DOUBT),
        NEVER_ANSWERS_THE_END(s -> s.on(".", Act.hang()), Told.IN_DOUBT);

        @SuppressWarnings("ImmutableEnumChecker") // it only scripts
        private final Consumer<ScriptedSmtpServer> script;

        private final Told told;

        Server(Consumer<ScriptedSmtpServer> script, Told told) {
            this.script = script;
            this.told = told;
        }

        /// The same words over and over would count as trouble with who we are.
        private static Act otherWordsEachTime(String code) {
            var letters = "abcdefghijklmnopqrstuvwxyz";
            return peer -> {
                var word = new StringBuilder();
                ThreadLocalRandom.current()
                        .ints(12, 0, letters.length())
                        .forEach(i -> word.append(letters.charAt(i)));
                peer.say(code + word);
            };
        }

        String profile() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// What an application can hear, and what the log must say of it.
    private enum Told {
        DELIVERED(OutcomeName.SENT),
        REJECTED(OutcomeName.REJECTED),
        DEFERRED(OutcomeName.DEFERRED),
        IN_DOUBT(OutcomeName.IN_DOUBT),
        HELD(OutcomeName.HELD);

        private final OutcomeName logged;

        Told(OutcomeName logged) {
            this.logged = logged;
        }
    }

    private record Answer(String id, Server server, Told told, Duration took) {}

    private final Map<Server, ScriptedSmtpServer> servers = new EnumMap<>(Server.class);
    private final List<Answer> answers = new ArrayList<>();

    @Test
    void everyCallIsToldWhatBecameOfItInTime(@TempDir Path data) throws Exception {
        try (var kafka = KafkaProcess.start(data, 0);
                var stalls = new Stalls()) {
            var site = Site.with(kafka.bootstrapServers(), "outmail.");
            startServers(site);
            kafka.kill();
            try (var outmail = site.connect(Map.of("smtp.final-dot-timeout", "1s"))) {
                var early = callAll(outmail, "kafka-was-never-there");
                assertThat(early).extracting(Answer::told).containsOnly(Told.HELD);
                assertInTime(early, SETTINGS_DEADLINE.plus(DEADLINE).plus(stalls.longest()));

                kafka.startAgain();
                Await.until(Site.PATIENCE, () -> settingsAreRead(outmail), "settings");
                // Entries have a producer of their own, which finds Kafka when it does.
                Await.until(
                        Site.PATIENCE,
                        () -> settingsAreRead(outmail) && isLogged(site, "probe"),
                        "what is delivered is in the log");
                for (int round = 0; round < Faults.size(1, 5); round++) {
                    expectAll(callAll(outmail, round + "-kafka-is-there"), stalls);
                    kafka.program().freeze();
                    expectAll(callAll(outmail, round + "-kafka-is-frozen"), stalls);
                    kafka.program().thaw();
                    kafka.kill();
                    expectAll(callAll(outmail, round + "-kafka-is-gone"), stalls);
                    kafka.startAgain();
                }
            } finally {
                servers.values().forEach(ScriptedSmtpServer::close);
            }

            checkServers();
            checkTopics(site);
            System.out.printf(
                    "T29: %d calls, told %s; longest %d ms%n",
                    answers.size(),
                    answers.stream()
                            .collect(Collectors.groupingBy(Answer::told, Collectors.counting())),
                    answers.stream().mapToLong(a -> a.took().toMillis()).max().orElse(0));
        }
    }

    private void startServers(Site site) {
        for (var server : Server.values()) {
            var smtp = ScriptedSmtpServer.start();
            server.script.accept(smtp);
            servers.put(server, smtp);
            site.save(server.profile(), Site.smtp(smtp.port()), Timing.INSTANTLY);
        }
        site.save("silent", new Connection.Silent(), Timing.INSTANTLY);
    }

    private static boolean settingsAreRead(Outmail outmail) {
        try {
            return outmail.deliverNow(Site.mail("probe").profile("silent").build())
                    instanceof Receipt.Silenced;
        } catch (MailHeld e) {
            return false;
        }
    }

    private static boolean isLogged(Site site, String id) {
        return site.readAll(site.topics().log()).stream()
                .anyMatch(record -> id(Site.logEntry(record)).equals(id));
    }

    /// Every server gets a few mails at once.
    private List<Answer> callAll(Outmail outmail, String phase) throws Exception {
        var calls =
                IntStream.range(0, EACH)
                        .boxed()
                        .flatMap(i ->
                                List.of(Server.values()).stream()
                                        .<Callable<Answer>>map(server ->
                                                () -> call(outmail, server, phase + "-" + i)))
                        .toList();
        var told = new ArrayList<Answer>();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                told.add(answer.get());
            }
        }
        answers.addAll(told);
        return told;
    }

    private static Answer call(Outmail outmail, Server server, String name) {
        var id = server.profile() + "-" + name;
        var mail = Site.mail(id).profile(server.profile()).build();
        long started = System.nanoTime();
        Told told;
        try {
            told =
                    switch (outmail.deliverNow(mail)) {
                        case Receipt.Delivered delivered -> Told.DELIVERED;
                        case Receipt other -> throw new AssertionError(other.toString());
                    };
        } catch (MailRejected e) {
            told = Told.REJECTED;
        } catch (MailDeferred e) {
            told = Told.DEFERRED;
        } catch (MailInDoubt e) {
            told = Told.IN_DOUBT;
        } catch (MailHeld e) {
            told = Told.HELD;
        }
        return new Answer(id, server, told, Duration.ofNanos(System.nanoTime() - started));
    }

    private static void expectAll(List<Answer> answers, Stalls stalls) {
        assertThat(answers).allMatch(InstantUnderFaultsIT::isAsExpected);
        assertInTime(answers, DEADLINE.plus(stalls.longest()));
    }

    /// A server whose answers were lost three times in a row is left alone for a while.
    private static boolean isAsExpected(Answer answer) {
        var expected = answer.server().told;
        return answer.told() == expected
                || (expected == Told.IN_DOUBT && answer.told() == Told.DEFERRED);
    }

    private static void assertInTime(List<Answer> answers, Duration atMost) {
        assertThat(answers).allSatisfy(a -> assertThat(a.took()).isLessThan(atMost));
    }

    /// No server got a mail twice, and each got exactly those of which that was said.
    private void checkServers() {
        servers.forEach((server, smtp) -> {
            var may =
                    switch (server.told) {
                        case DELIVERED, IN_DOUBT -> true;
                        case REJECTED, DEFERRED, HELD -> false;
                    };
            if (may) {
                assertThat(smtp.received().stream().map(mail -> subject(mail.text())))
                        .containsExactlyInAnyOrderElementsOf(
                                answers.stream()
                                        .filter(a -> a.server() == server)
                                        .filter(a -> a.told() == server.told)
                                        .map(Answer::id)
                                        .toList());
            }
        });
    }

    private static String subject(String mail) {
        return mail.lines()
                .filter(line -> line.startsWith("Subject: Subject of "))
                .map(line -> line.substring("Subject: Subject of ".length()))
                .findFirst()
                .orElseThrow();
    }

    /// Nothing was queued, and each call is in the log as what the application was told. Before
    /// Kafka was found for the first time nothing can wait for it; that goes to the application's
    /// own log.
    private void checkTopics(Site site) {
        assertThat(site.readAll(site.topics().events())).isEmpty();
        var logged =
                site.readAll(site.topics().log()).stream()
                        .map(Site::logEntry)
                        .filter(entry -> !id(entry).equals("probe"))
                        .collect(Collectors.toMap(InstantUnderFaultsIT::id, LogEntry::outcome));
        assertThat(logged)
                .containsExactlyInAnyOrderEntriesOf(
                        answers.stream()
                                .filter(answer -> answer.told() != Told.HELD)
                                .collect(Collectors.toMap(Answer::id, a -> a.told().logged)));
    }

    private static String id(LogEntry entry) {
        return Objects.requireNonNull(entry.event()).id();
    }
}
