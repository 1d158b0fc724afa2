package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ClientLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<String, String> BEHIND_A_BALANCER =
            Map.of(
                    "smtp-in.proxies", "127.0.0.0/8",
                    "smtp-in.networks", "0.0.0.0/0, ::/0",
                    "smtp-in.max-connections-per-client", "2");

    private static String proxied(String address) {
        var family = address.contains(":") ? "TCP6 " : "TCP4 ";
        return "PROXY " + family + address + " 192.0.2.1 1 2\r\n";
    }

    @Test
    void aClientHasItsConnectionsAndOthersHaveTheirs() throws Exception {
        try (var rig = new Rig(BEHIND_A_BALANCER);
                var first = rig.connect().say(proxied("2001:db8::1"));
                var second = rig.connect().say(proxied("2001:db8::2"))) {
            first.begin();
            second.begin();

            try (var third = rig.connect().say(proxied("2001:db8::ffff:0:0:3"))) {
                third.expect("421 4.7.0").expectEnd();
            }

            try (var other = rig.connect().say(proxied("2001:db8:0:1::1"))) {
                other.begin();
            }
            first.ask("QUIT", "221 ").expectEnd();
            Await.until(PATIENCE, () -> rig.open() == 1, "the others have gone");
            try (var next = rig.connect().say(proxied("2001:db8::3"))) {
                next.begin();
            }
        }
    }

    @Test
    void allTogetherHaveTheirLimit() throws Exception {
        try (var rig = new Rig(Map.of("smtp-in.max-connections", "1"));
                var first = rig.connect()) {
            first.begin();

            try (var second = rig.connect()) {
                second.expect("421 4.3.2").expectEnd();
            }
        }
    }

    @Test
    void aClientThatIsTooFastWaitsForItsTurn() throws Exception {
        try (var rig = new Rig(Map.of("smtp-in.max-mails-per-second-per-client", "5"));
                var talk = rig.connect()) {
            talk.begin();
            long started = System.nanoTime();

            for (int i = 0; i < 8; i++) {
                talk.ask("MAIL FROM:<a@example.com>", "250 ").ask("RSET", "250 ");
            }

            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isGreaterThan(Duration.ofMillis(500));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO x\r\nMAIL FROM:<a@example.com>\r\n",
                "PROXY TCP4 localhost 192.0.2.1 1 2\r\n",
                "PROXY TCP4\r\n",
                "PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n"
            })
    void aBalancerThatSaysNothingOfItsClientIsNotServed(String said) throws Exception {
        try (var rig = new Rig(BEHIND_A_BALANCER);
                var talk = rig.connect().say(said)) {
            talk.expectEnd();
        }
    }

    @Test
    void theBinaryHeaderIsUnderstood() throws Exception {
        var header = new ByteArrayOutputStream();
        header.writeBytes("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII));
        // PROXY, TCP over IPv4, 12 octets of addresses and 3 of what else there may be
        header.writeBytes(
                HexFormat.of()
                        .parseHex("2111000f" + "c6336407" + "c0000201" + "00010002" + "040000"));
        try (var rig = new Rig(BEHIND_A_BALANCER);
                var talk = rig.connect()) {
            talk.say(header.toByteArray());

            talk.begin().envelope().data().say(Talk.MESSAGE + ".\r\n").expect("250 ");

            assertThat(rig.letterbox.only().trace().received()).contains("[198.51.100.7]");
        }
    }

    @Test
    void whoIsNoBalancerCanNotSayThatItIsSomebodyElse() throws Exception {
        try (var rig = new Rig(Map.of());
                var talk = rig.connect()) {
            talk.expect("220 ");

            talk.say(proxied("192.0.2.7")).expect("554 5.5.1").expectEnd();
        }
    }

    @Test
    void messagesThatFillTheMemoryComeAgain() throws Exception {
        var large = "From: a@example.com\r\n\r\n" + "0123456789\r\n".repeat(20_000) + ".\r\n";
        var memory = new MemoryBudget(600_000);
        var confirmation = new CompletableFuture<Void>();
        var asked = new CompletableFuture<Void>();
        try (var rig = new Rig(Map.of(), Reception.Time.SYSTEM, memory);
                var first = rig.connect();
                var second = rig.connect()) {
            rig.letterbox.confirmBy(() -> {
                asked.complete(null);
                return confirmation;
            });
            first.begin().envelope().data().say(large);
            asked.join();
            second.begin().envelope().data();

            second.say(large).expect("452 4.3.1");

            second.envelope().data();
            confirmation.complete(null);
            first.expect("250 ");
            second.say(large).expect("250 ");
            assertThat(memory.left()).isEqualTo(600_000);
        }
    }

    @Test
    void thereMustBeMemoryForAMessageAsAnEventToo() throws Exception {
        var escaped = "From: a@example.com\r\n\r\n" + "\u0001\u0001\r\n".repeat(20_000);
        var memory = new MemoryBudget(300_000);
        try (var rig = new Rig(Map.of(), Reception.Time.SYSTEM, memory);
                var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say(escaped + ".\r\n").expect("452 4.3.1");

            assertThat(memory.left()).isEqualTo(300_000);
        }
    }

    @Test
    void whoSaysNothingForTooLongIsSentAway() throws Exception {
        var time = new ManualTime();
        var all = new Reception.Time(time, time.ticker());
        try (var rig = new Rig(Map.of(), all, new MemoryBudget(1 << 20));
                var idle = rig.connect();
                var midway = rig.connect();
                var talkative = rig.connect()) {
            idle.begin();
            midway.begin().envelope().data().say("From: a@example.com\r\n");
            talkative.begin();
            time.advance(Duration.ofMinutes(4));
            talkative.ask("NOOP", "250 ");

            time.advance(Duration.ofSeconds(61));

            idle.expect("421 4.4.2").expectEnd();
            talkative.ask("NOOP", "250 ");
            time.advance(Duration.ofMinutes(4));
            talkative.ask("NOOP", "250 ");
            time.advance(Duration.ofMinutes(4));
            talkative.ask("NOOP", "250 ");
            midway.say("\r\nstill here\r\n.\r\n").expect("250 ");
        }
    }

    @Test
    void whoDoesNotLogInInTimeIsSentAway(@TempDir Path folder) throws Exception {
        var hash = BCrypt.withDefaults().hashToString(4, "right".toCharArray());
        var users = Files.writeString(folder.resolve("users"), "app:" + hash + "\n");
        var keys = Map.of("smtp-in.networks", "", "smtp-in.users", users.toString());
        var time = new ManualTime();
        var all = new Reception.Time(time, time.ticker());
        try (var rig = new Rig(keys, all, new MemoryBudget(1 << 20));
                var stranger = rig.connect();
                var known = rig.connect()) {
            stranger.begin();
            known.begin().ask("AUTH PLAIN AGFwcAByaWdodA==", "235 ");
            time.advance(Duration.ofMinutes(4));
            stranger.ask("NOOP", "250 ");
            known.ask("NOOP", "250 ");

            time.advance(Duration.ofSeconds(61));

            stranger.expect("421 4.4.2").expectEnd();
            known.ask("NOOP", "250 ");
        }
    }

    @Test
    void whoNeverReadsItsAnswersIsCutOff() throws Exception {
        var time = new ManualTime();
        var all = new Reception.Time(time, time.ticker());
        try (var rig = new Rig(Map.of(), all, new MemoryBudget(1 << 20));
                var deaf = rig.connect()) {
            deaf.begin().envelope();
            var flood =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        deaf.say("RCPT TO:<ada@example.org>\r\n".repeat(1_000));
                                    }
                                } catch (IOException e) {
                                    // cut off at last
                                }
                            });

            Await.until(
                    PATIENCE,
                    () -> {
                        time.advance(Duration.ofMinutes(1));
                        return rig.open() == 0;
                    },
                    "it is cut off");

            flood.join();
        }
    }
}
