package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventLimits;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T14: records that are no events, between good ones; T23: the same while dead letters and log
/// can't be written.
class PoisonIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final Duration UNWRITABLE = Duration.ofSeconds(FaultSuite.sized(4, 300));

    @Test
    void eachRecordThatIsNoEventBecomesOneDeadLetterWhole() {
        int count = FaultSuite.sized(150, 1_500);
        var poisons = poisons(new Random(FaultSuite.seed()), count);
        try (var rig = SUITE.rig("T14 one in two is no event").set()) {
            rig.startWorkers(1);

            for (int i = 0; i < poisons.size(); i++) {
                rig.records().send(rig.topics().events(), poisons.get(i));
                rig.publisher().publish(i, i + 1);
            }
            rig.awaitDrained(PATIENCE);

            rig.measured("%d poisons".formatted(poisons.size()));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
            assertThat(found.accepted()).isEqualTo(poisons.size());
            assertThat(deadLetters(rig)).isEqualTo(times(poisons));
        }
    }

    @Test
    void whileDeadLettersAndLogCanNotBeWrittenWorkWaitsAndNothingIsSkipped() {
        var poisons = poisons(new Random(FaultSuite.seed()), FaultSuite.sized(20, 100));
        int mails = FaultSuite.sized(100, 1_000);
        try (var rig = SUITE.rig("T23 log and dead letters unwritable").set()) {
            rig.startWorkers(1);
            var topics = List.of(rig.topics().deadLetters(), rig.topics().log());
            topics.forEach(rig.records()::makeUnwritable);

            poisons.forEach(poison -> rig.records().send(rig.topics().events(), poison));
            rig.publisher().publish(0, mails);
            Rig.pause(UNWRITABLE);
            rig.offsets().check();
            assertThat(rig.log().ended()).as("nothing is logged").isZero();

            topics.forEach(rig.records()::makeWritable);
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
            assertThat(deadLetters(rig)).isEqualTo(times(poisons));
        }
    }

    @Test
    void whileTheLedgerCanNotBeWrittenNothingIsSent() {
        int mails = FaultSuite.sized(100, 1_000);
        try (var rig = SUITE.rig("T23 ledger unwritable").set()) {
            rig.startWorkers(1);
            rig.records().makeUnwritable(rig.topics().ledger());

            rig.publisher().publish(0, mails);
            Rig.pause(UNWRITABLE);
            assertThat(rig.ledger().size()).as("at the server").isZero();

            rig.records().makeWritable(rig.topics().ledger());
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
        }
    }

    /// Records that the codec refuses: known ones, and an event with some bytes changed by chance.
    private static List<byte @Nullable []> poisons(Random random, int count) {
        var codec = new EventCodec(EventLimits.DEFAULT);
        var poisons = new ArrayList<byte @Nullable []>();
        poisons.add(null);
        poisons.add(new byte[0]);
        poisons.add(utf8("[".repeat(100_000)));
        poisons.add(utf8("null"));
        poisons.add(
                utf8(
                        "{\"id\": \"x\", \"to\": [\"<aaa@bbb.com>ccc@ddd.com\"], \"subject\": \"s\", \"text\": \"t\"}"));
        for (int i = 0; poisons.size() < count; i++) {
            var mutant = mutated(event(i), random);
            if (codec.decode(mutant) instanceof Decoded.Malformed) {
                poisons.add(mutant);
            }
        }
        return poisons;
    }

    private static byte[] event(int number) {
        return utf8(
                """
                {"id": "poison-%d", "source": "/faults", "to": ["ada@example.org"], "subject": "s", "text": "t"}\
                """
                        .formatted(number));
    }

    private static byte[] mutated(byte[] event, Random random) {
        var mutant = event.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0
                ? Arrays.copyOf(mutant, random.nextInt(mutant.length))
                : mutant;
    }

    private static Map<String, Integer> deadLetters(Rig rig) {
        var values = new ArrayList<byte @Nullable []>();
        rig.records().all(rig.topics().deadLetters()).forEach(letter -> values.add(letter.value()));
        return times(values);
    }

    private static Map<String, Integer> times(List<byte @Nullable []> values) {
        var times = new HashMap<String, Integer>();
        values.forEach(value -> times.merge(text(value), 1, Integer::sum));
        return times;
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "null value" : new String(value, StandardCharsets.ISO_8859_1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
