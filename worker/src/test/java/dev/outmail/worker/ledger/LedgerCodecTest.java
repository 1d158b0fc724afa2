package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerCodecTest {
    private static final int RUNS = 200;

    static LongStream seeds() {
        return new Random().longs(RUNS);
    }

    /// What is in topics has to be understood by later versions, so these bytes are for ever.
    @Test
    void aRecordIsAFewBytes() {
        var record = new LedgerRecord(Stage.SETTLED, 3, 300);

        assertThat(LedgerCodec.encode(record)).isEqualTo(hex("02 02 03 ac02"));
        assertThat(LedgerCodec.decode(hex("02 02 03 ac02"))).isEqualTo(record);
    }

    @Test
    void settledRecipientsAreGroupedByWhatWasSaid() {
        var accepted = new Settled.Judgement(Verdict.ACCEPTED, Reason.ACCEPTED);
        var byRecipient = new HashMap<Long, Settled.Judgement>();
        byRecipient.put(0x0102030405060708L, accepted);
        var record =
                new LedgerRecord(new LedgerEntry(Stage.STARTED, 1, 5), new Settled(byRecipient))
                        .withBeginning(0x1112131415161718L);

        assertThat(LedgerCodec.encode(record))
                .isEqualTo(
                        hex(
                                "02 00 01 05 1112131415161718 08 6163636570746564 08 6163636570746564 01 0102030405060708"));
    }

    @Test
    void aRecordOfVersionOneEndsWhateverWasBegun() {
        assertThat(LedgerCodec.decode(hex("01 01 03 ac02")))
                .isEqualTo(new LedgerRecord(Stage.WAITING, 3, 300));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenIsReadAgain(long seed) {
        var record = random(new Random(seed));

        assertThat(LedgerCodec.decode(LedgerCodec.encode(record))).isEqualTo(record);
    }

    @Test
    void aMailToTenThousandStaysSmall() {
        var random = new Random(1);
        var byRecipient = new HashMap<Long, Settled.Judgement>();
        while (byRecipient.size() < 10_000) {
            byRecipient.put(random.nextLong(), judgement(random));
        }
        var record =
                new LedgerRecord(new LedgerEntry(Stage.STARTED, 1, 5), new Settled(byRecipient));

        assertThat(LedgerCodec.encode(record)).hasSizeLessThan(100_000);
        assertThat(LedgerCodec.decode(LedgerCodec.encode(record))).isEqualTo(record);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRecordThatIsCutOffIsUnreadableAndNotAnother(long seed) {
        var random = new Random(seed);
        var whole = LedgerCodec.encode(random(random));
        int length = random.nextInt(whole.length);

        var read = LedgerCodec.decode(Arrays.copyOf(whole, length));

        // only between groups is a cut not seen
        if (read != null) {
            assertThat(LedgerCodec.encode(read)).hasSize(length);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rubbishIsUnreadableAndHarmless(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = (byte) (1 + random.nextInt(2));
                bytes[1] = (byte) random.nextInt(4);
            }

            var read = LedgerCodec.decode(bytes);

            if (read != null) {
                assertThat(LedgerCodec.decode(LedgerCodec.encode(read))).isEqualTo(read);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "01", // no stage
                "03 02 03 05", // a later version
                "02 00 01 05 11121314151617", // a beginning that is cut off
                "01 04 03 05", // a stage that is none
                "01 ff 03 05",
                "01 02 808004 05", // attempt 65,536
                "01 02 03 ffffffffffffffff7f", // an offset that is too large
                "01 02 03 8080808080808000",
                "01 00 01 05 08 6163636570746564 08 6163636570746564 02 0102030405060708", // one
                // short
                "01 00 01 05 08 6163636570746564 08 6163636570746564 ffffffff0f", // very short
                "01 00 01 05 04 6e6f6e65 08 6163636570746564 00", // no such verdict
                "01 00 01 05 ff 61", // a name that is cut off
                "7b 22 61 22 3a 31 7d" // JSON
            })
    void whatIsNoRecordIsUnreadable(String hex) {
        assertThat(LedgerCodec.decode(hex(hex))).isNull();
    }

    @Test
    void aTombstoneAndAGiantAreUnreadable() {
        assertThat(LedgerCodec.decode(null)).isNull();
        assertThat(LedgerCodec.decode(new byte[2 << 20])).isNull();
    }

    @Test
    void aReasonOfALaterVersionKeepsItsVerdict() {
        var read =
                LedgerCodec.decode(
                        hex("01 00 01 05 08 6163636570746564 03 6e6577 01 0000000000000007"));

        assertThat(Objects.requireNonNull(read).settled().byRecipient())
                .containsEntry(7L, new Settled.Judgement(Verdict.ACCEPTED, Reason.INTERNAL_ERROR));
    }

    private static LedgerRecord random(Random random) {
        var stage = Ids.anyOf(Stage.values(), random);
        var entry =
                new LedgerEntry(
                        stage,
                        random.nextInt(1 << random.nextInt(17)),
                        random.nextLong(1L << random.nextInt(46)));
        var byRecipient = new HashMap<Long, Settled.Judgement>();
        for (int i = random.nextBoolean() ? 0 : random.nextInt(120); i > 0; i--) {
            byRecipient.put(random.nextLong(), judgement(random));
        }
        boolean begun = stage == Stage.STARTED || stage == Stage.WAITING;
        return new LedgerRecord(
                entry, new Settled(byRecipient), begun ? random.nextLong() : LedgerRecord.ANY);
    }

    private static Settled.Judgement judgement(Random random) {
        return new Settled.Judgement(
                Ids.anyOf(Verdict.values(), random), Ids.anyOf(Reason.values(), random));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
