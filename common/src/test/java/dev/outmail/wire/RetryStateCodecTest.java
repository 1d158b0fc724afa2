package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.outmail.mail.EmailAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RetryStateCodecTest {
    private static final Instant APPENDED = Instant.parse("2026-01-15T12:00:00Z");
    private static final Instant ACCEPTED = Instant.parse("2026-01-15T11:59:00.123456789Z");
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.org");
    private static final EmailAddress EVE = EmailAddress.parse("\"e v e\"@example.org");
    private static final EmailAddress JOE = EmailAddress.parse("jö@example.org");
    private static final int SEEDS = 2_000;

    private static final String LEAST =
            """
            {"attempt": 2, "acceptedAt": "2026-01-15T11:59:00Z"}\
            """;

    private static RetryState whole() {
        return new RetryState(
                3,
                ACCEPTED,
                Instant.parse("2026-01-15T13:00:00Z"),
                7,
                List.of(ADA),
                List.of(
                        accepted(BOB, "250 2.0.0 queued as 1"),
                        accepted(EVE, "250 2.0.0 queued as 1"),
                        new RetryState.Judged(
                                JOE,
                                RetryState.Verdict.REJECTED,
                                "unknown-recipient",
                                "550 5.1.1 no such user")));
    }

    private static RetryState.Judged accepted(EmailAddress recipient, String detail) {
        return new RetryState.Judged(recipient, RetryState.Verdict.ACCEPTED, "accepted", detail);
    }

    @Test
    void aStateIsReadAsItWasWritten() {
        assertThat(read(RetryStateCodec.encode(whole()))).isEqualTo(whole());
    }

    @Test
    void aStateWithNothingButWhatItMustHaveIsReadAsItWasWritten() {
        var state = new RetryState(1, ACCEPTED, null, RetryState.ANY_PARTITION, null, List.of());

        assertThat(read(RetryStateCodec.encode(state))).isEqualTo(state);
    }

    /// Other programs replay dead letters: the names are public.
    @Test
    void aStateLooksAsDocumented() {
        var written = new JsonMapper().readTree(RetryStateCodec.encode(whole()));

        assertThat(written)
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {
                                          "attempt": 3,
                                          "acceptedAt": "2026-01-15T11:59:00.123456789Z",
                                          "due": "2026-01-15T13:00:00Z",
                                          "partition": 7,
                                          "open": ["ada@example.org"],
                                          "judged": [
                                            {
                                              "verdict": "accepted",
                                              "reason": "accepted",
                                              "detail": "250 2.0.0 queued as 1",
                                              "recipients": ["bob@example.org", "\\"e v e\\"@example.org"]
                                            },
                                            {
                                              "verdict": "rejected",
                                              "reason": "unknown-recipient",
                                              "detail": "550 5.1.1 no such user",
                                              "recipients": ["jö@example.org"]
                                            }
                                          ]
                                        }
                                        """));
    }

    @Test
    void withoutAHeaderThereIsNone() {
        assertThat(RetryStateCodec.decode(null, APPENDED)).isEqualTo(new RetryHeader.None());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "-1, 1",
        "1, 1",
        "10000, 10000",
        "10001, 10000",
        "2147483648, 10000",
        "-2147483649, 1",
        "99999999999999999999, 10000",
        "-99999999999999999999, 1"
    })
    void anAttemptBeyondTheLimitsIsTakenForTheLimit(String written, int taken) {
        var state = read(LEAST.replace("2,", written + ",").getBytes(UTF_8));

        assertThat(state.attempt()).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1000000000-01-01T00:00:00Z",
                "1970-01-01T00:00:00Z",
                "2025-12-16T11:59:59.999999999Z"
            })
    void nothingWasAcceptedMoreThanAMonthAgo(String written) {
        assertThat(acceptedAt(written)).isEqualTo(APPENDED.minus(MONTH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-15T12:00:00.000000001Z",
                "2038-01-19T03:14:08Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void nothingWasAcceptedLaterThanItsRecord(String written) {
        assertThat(acceptedAt(written)).isEqualTo(APPENDED);
    }

    private static Instant acceptedAt(String written) {
        return read(LEAST.replace("2026-01-15T11:59:00Z", written).getBytes(UTF_8)).acceptedAt();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-15T12:00:07.5Z, 2026-01-15T12:00:07.5Z",
        "1970-01-01T00:00:00Z, 2025-12-16T12:00:00Z",
        "-1000000000-01-01T00:00:00Z, 2025-12-16T12:00:00Z",
        "9999-01-01T00:00:00Z, 2027-02-19T12:00:00Z",
        "+1000000000-12-31T23:59:59Z, 2027-02-19T12:00:00Z"
    })
    void nothingIsDueLaterThanInFourHundredDaysOrAMonthAgo(String written, Instant taken) {
        assertThat(with("\"due\": \"" + written + "\"").due()).isEqualTo(taken);
        assertThat(taken).isBeforeOrEqualTo(APPENDED.plus(LONGEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-2147483649", "2147483648", "1.5", "1e3", "\"3\"", "null", "{}"})
    void aPartitionThatCannotBeIsAnyPartition(String written) {
        assertThat(with("\"partition\": " + written).partition())
                .isEqualTo(RetryState.ANY_PARTITION);
    }

    @Test
    void whatIsNoAddressIsPassedOverAndWhatIsThereTwiceCountsOnce() {
        var state =
                with(
                        """
                        "open": ["ada@example.org", "", 1, null, {}, ["bob@example.org"],
                                 "a@b\\r\\nRCPT TO:<x@y>", "Ada@EXAMPLE.org", "ada@EXAMPLE.org"]\
                        """);

        assertThat(state.open()).containsExactly(ADA, EmailAddress.parse("Ada@example.org"));
    }

    @Test
    void verdictsThatAreNoneArePassedOver() {
        var state =
                with(
                        """
                        "judged": [
                          null, 1, [], {},
                          {"verdict": "deferred", "recipients": ["ada@example.org"]},
                          {"verdict": "accepted", "recipients": "bob@example.org"},
                          {"verdict": "rejected", "recipients": [1, "bob@example.org"]}
                        ]\
                        """);

        assertThat(state.judged())
                .containsExactly(new RetryState.Judged(BOB, RetryState.Verdict.REJECTED, "", ""));
    }

    @Test
    void detailsAreCutAndLoneSurrogatesReplaced() {
        var state =
                with(
                        """
                        "judged": [{"verdict": "accepted", "reason": "\\ud800", "detail": "%s",
                                    "recipients": ["bob@example.org"]}]\
                        """
                                .formatted("x".repeat(5_000)));

        assertThat(state.judged().getFirst().detail()).hasSize(2_048);
        assertThat(state.judged().getFirst().reason()).isEqualTo("?");
        assertThat(read(RetryStateCodec.encode(state))).isEqualTo(state);
    }

    @Test
    void fieldsThatALaterVersionAddedArePassedOver() {
        var state = with("\"shard\": [{\"a\": 1}]");

        assertThat(state).isEqualTo(read(LEAST.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{}",
                "{\"attempt\": 2}",
                "{\"acceptedAt\": \"2026-01-15T11:59:00Z\"}",
                "{\"attempt\": \"2\", \"acceptedAt\": \"2026-01-15T11:59:00Z\"}",
                "{\"attempt\": 1.5, \"acceptedAt\": \"2026-01-15T11:59:00Z\"}",
                "{\"attempt\": 1e9999999999, \"acceptedAt\": \"2026-01-15T11:59:00Z\"}",
                "{\"attempt\": 2, \"attempt\": 3, \"acceptedAt\": \"2026-01-15T11:59:00Z\"}",
                "{\"attempt\": 2, \"acceptedAt\": \"yesterday\"}",
                "{\"attempt\": 2, \"acceptedAt\": 1768478340000}",
                "{\"attempt\": 2, \"acceptedAt\": \"2026-01-15T11:59:00Z\", \"due\": 5}",
                "{\"attempt\": 2, \"acceptedAt\": \"2026-01-15T11:59:00Z\", \"due\": \"\"}",
                "{\"attempt\": 2, \"acceptedAt\": \"2026-01-15T11:59:00Z\", \"open\": \"a@b\"}",
                "{\"attempt\": 2, \"acceptedAt\": \"2026-01-15T11:59:00Z\", \"judged\": {}}",
                "{\"attempt\": 2, \"acceptedAt\": \"2026-01-15T11:59:00Z\"} {}"
            })
    void aHeaderThatSaysNothingUsableIsInvalidAndSaysWhy(String json) {
        assertThat(RetryStateCodec.decode(json.getBytes(UTF_8), APPENDED))
                .isInstanceOfSatisfying(
                        RetryHeader.Invalid.class,
                        invalid -> assertThat(invalid.problem()).isNotBlank());
    }

    @Test
    void bytesThatAreNoUtf8AreInvalid() {
        byte[] overlong = LEAST.getBytes(UTF_8);
        overlong[2] = (byte) 0xc0;
        overlong[3] = (byte) 0xae;

        assertThat(RetryStateCodec.decode(overlong, APPENDED))
                .isInstanceOf(RetryHeader.Invalid.class);
    }

    @Test
    void aHeaderOfMoreThanAMegabyteIsInvalid() {
        var large = LEAST.replace("}", ", \"x\": \"" + "x".repeat(1 << 20) + "\"}");

        assertThat(RetryStateCodec.decode(large.getBytes(UTF_8), APPENDED))
                .isInstanceOf(RetryHeader.Invalid.class);
    }

    static Stream<Path> jsonTestSuite() throws IOException {
        var folder = Path.of(HostileInputTest.class.getResource("json-test-suite").getPath());
        try (var files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("jsonTestSuite")
    void noDocumentOfTheJsonTestSuiteIsAState(Path file) throws IOException {
        assertThat(RetryStateCodec.decode(Files.readAllBytes(file), APPENDED))
                .isInstanceOf(RetryHeader.Invalid.class);
    }

    static LongStream seeds() {
        return new Random().longs(SEEDS);
    }

    /// Whatever is done to a header, it is read without an exception, within the limits, and what
    /// is read can be written and read again.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMutatedHeaderIsReadWithinTheLimitsOrNotAtAll(long seed) {
        byte[] header = mutated(RetryStateCodec.encode(whole()), new Random(seed));

        switch (RetryStateCodec.decode(header, APPENDED)) {
            case RetryHeader.Invalid invalid -> assertThat(invalid.problem()).isNotBlank();
            case RetryHeader.Present present -> {
                var state = present.state();
                assertThat(state.attempt()).isBetween(1, 10_000);
                assertThat(state.acceptedAt()).isBetween(APPENDED.minus(MONTH), APPENDED);
                if (state.due() != null) {
                    assertThat(state.due())
                            .isBetween(APPENDED.minus(MONTH), APPENDED.plus(LONGEST));
                }
                assertThat(read(RetryStateCodec.encode(state))).isEqualTo(state);
            }
            case RetryHeader.None none -> throw new AssertionError("there is one");
        }
    }

    private static final String[] PIECES = {
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "-",
        "9999999999",
        "e9",
        "\\ud800",
        "\\u0000",
        "\0",
        "\r\n",
        "@",
        "\"due\":",
        "\"open\":[]",
        "true",
        "Z",
        "+999999999-",
        "2026",
        "\u202e"
    };

    private static byte[] mutated(byte[] header, Random random) {
        var bytes = header;
        for (int i = 0; i <= random.nextInt(3); i++) {
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + random.nextInt(6));
            var out = new ByteArrayOutputStream();
            out.write(bytes, 0, from);
            if (random.nextBoolean()) {
                out.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            } else {
                out.write(random.nextInt(256));
            }
            out.write(bytes, to, bytes.length - to);
            bytes = out.toByteArray();
        }
        return bytes;
    }

    @Test
    void aHeaderOfManyRecipientsLeavesTheServersWordsOut() {
        var judged =
                IntStream.range(0, 100)
                        .mapToObj(i -> accepted(address(i), i + " " + "x".repeat(2_000)))
                        .toList();
        var state = new RetryState(2, ACCEPTED, null, 0, List.of(ADA), judged);

        var bytes = RetryStateCodec.encode(state);

        assertThat(bytes).hasSizeLessThan(RetryStateCodec.MAX_BYTES_WITH_DETAILS);
        var read = read(bytes);
        assertThat(read.open()).containsExactly(ADA);
        assertThat(read.judged())
                .hasSize(100)
                .allSatisfy(one -> assertThat(one.detail()).isEmpty());
    }

    @Test
    void tenThousandRecipientsOfTwoHundredTransactionsFit() {
        var judged =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> accepted(address(i), "250 2.0.0 queued as " + i / 50))
                        .toList();
        var state = new RetryState(2, ACCEPTED, null, 0, List.of(ADA), judged);

        var read = read(RetryStateCodec.encode(state));

        assertThat(read.open()).containsExactly(ADA);
        assertThat(read.judged()).extracting(RetryState.Judged::recipient).hasSize(10_000);
    }

    @Test
    void noHeaderIsLargerThanWhatIsReadAndWhoIsOpenIsKeptLongest() {
        var many = IntStream.range(0, 60_000).mapToObj(RetryStateCodecTest::address).toList();
        var judged = many.stream().map(one -> accepted(one, "")).toList();

        var manyJudged = encoded(List.of(ADA), judged);
        var manyOpen = encoded(many, judged);

        assertThat(read(manyJudged).open()).containsExactly(ADA);
        assertThat(read(manyJudged).judged()).isEmpty();
        assertThat(read(manyOpen).open()).isNull();
        assertThat(read(manyOpen).attempt()).isEqualTo(2);
    }

    private static byte[] encoded(List<EmailAddress> open, List<RetryState.Judged> judged) {
        return RetryStateCodec.encode(new RetryState(2, ACCEPTED, null, 0, open, judged));
    }

    private static EmailAddress address(int number) {
        return new EmailAddress("recipient-" + number, "department.example.org");
    }

    @Test
    void aHostileMegabyteIsReadInNoTime() {
        var addresses = new ArrayList<String>();
        for (int i = 0; i < 90_000; i++) {
            addresses.add("\"a@b@" + i % 10 + "\"");
        }
        var header = LEAST.replace("}", ", \"open\": [" + String.join(",", addresses) + "]}");

        assertTimeout(
                Duration.ofSeconds(5),
                () -> RetryStateCodec.decode(header.getBytes(UTF_8), APPENDED));
    }

    @Test
    void aStateOutsideItsLimitsIsNotMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryState(0, ACCEPTED, null, 0, null, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryState(10_001, ACCEPTED, null, 0, null, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryState(1, ACCEPTED, null, -2, null, List.of()));
    }

    private static RetryState with(String field) {
        return read(LEAST.replace("}", ", " + field + "}").getBytes(UTF_8));
    }

    private static RetryState read(byte @Nullable [] header) {
        return switch (RetryStateCodec.decode(header, APPENDED)) {
            case RetryHeader.Present present -> present.state();
            case RetryHeader.None none -> throw new AssertionError("none");
            case RetryHeader.Invalid invalid -> throw new AssertionError(invalid.problem());
        };
    }
}
