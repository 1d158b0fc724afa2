package dev.outmail.deadletters;

import static dev.outmail.deadletters.Letters.letter;
import static dev.outmail.deadletters.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.Headers;
import dev.outmail.mail.EventId;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterRecordsTest {
    private static final LetterPosition HERE = new LetterPosition(5, 17);

    private final LetterRecords records = new LetterRecords(Letters.CODEC);

    @Test
    void aLetterSaysWhatItIsAndWhy() {
        var letter = letter().with("trace", "1").ended("rejected", "policy", 2, "bob@example.org");

        assertThat(letter.position()).isEqualTo(HERE);
        assertThat(letter.at()).isEqualTo(Letters.AT);
        assertThat(letter.key()).isEqualTo(utf8("the key"));
        assertThat(letter.value()).isEqualTo(Letters.CODEC.encode(Letters.mail().build()));
        assertThat(letter.headers()).extracting(Header::key).containsExactly("trace");
        assertThat(letter.content()).isInstanceOf(Decoded.Ok.class);
        assertThat(letter.event()).contains(new EventId("/app", "1"));
        assertThat(letter.why().outcome()).isEqualTo("rejected");
        assertThat(letter.why().reason()).isEqualTo("policy");
        assertThat(letter.why().detail()).isEqualTo("550 no such user");
        assertThat(letter.why().attempts()).isEqualTo(2);
        assertThat(letter.why().revision()).isEqualTo(7);
        assertThat(letter.why().acceptedAt()).isEqualTo(Letters.ACCEPTED_AT);
        assertThat(letter.why().origin()).isEqualTo(new LogEntry.Position("outmail.events", 3, 41));
        assertThat(letter.why().undelivered()).containsExactly("bob@example.org");
    }

    @Test
    void headersOfThePublisherAreNotTakenForTheWorkers() {
        var letter =
                letter().with(Headers.REASON, "forged")
                        .with(Headers.RESOLUTION, "discarded")
                        .with(Headers.UNDELIVERED_RECIPIENT, "eve@example.org")
                        .ended("rejected", "policy", 1, "bob@example.org");

        assertThat(letter.why().reason()).isEqualTo("policy");
        assertThat(letter.why().undelivered()).containsExactly("bob@example.org");
        assertThat(letter.headers())
                .extracting(Header::key)
                .containsExactly(Headers.REASON, Headers.RESOLUTION, Headers.UNDELIVERED_RECIPIENT);
    }

    @Test
    void aResolutionIsReadAsItWasWritten() {
        var letter = new LetterPosition(5, 16);

        var found = records.read(written(letter, Resolution.Kind.COPIED, "me@example.com"));

        assertThat(found)
                .isEqualTo(
                        new LetterRecords.Found.Resolved(
                                letter,
                                new Resolution(
                                        Resolution.Kind.COPIED,
                                        "ada@desk",
                                        "to see it",
                                        "me@example.com",
                                        Letters.AT)));
    }

    private static ConsumerRecord<byte[], byte[]> written(
            LetterPosition letter, Resolution.Kind kind, String to) {
        var record = LetterRecords.resolution("t", letter, kind, "ada@desk", "to see it", to);
        return Letters.record(
                record.key(), record.value(), new RecordHeaders(record.headers().toArray()));
    }

    @ParameterizedTest
    @CsvSource({
        "5@17, discarded", // of itself
        "5@18, discarded", // of what comes later
        "4@16, discarded", // of another partition's
        "here, discarded",
        "5@16, ignored"
    })
    void whatIsNoResolutionHidesNothingAndIsNotHidden(String key, String kind) {
        var headers = new RecordHeaders();
        headers.add(Headers.RESOLUTION, utf8(kind));

        var found = records.read(Letters.record(utf8(key), null, headers));

        assertThat(found).isInstanceOf(LetterRecords.Found.Letter.class);
    }

    @Test
    void nonsenseInPlaceOfAReasonIsALetterWithoutOne() {
        var headers = new RecordHeaders();
        headers.add(Headers.REASON, null);
        headers.add(Headers.ATTEMPTS, utf8("99999999999"));
        headers.add(Headers.REVISION, utf8("-1"));
        headers.add(Headers.ACCEPTED_AT, utf8("yesterday"));
        headers.add(Headers.TOPIC, utf8("outmail.events"));
        headers.add(Headers.PARTITION, utf8("99999999999"));
        headers.add(Headers.OFFSET, utf8("1"));

        var found = records.read(Letters.record(null, null, headers));

        assertThat(found)
                .isInstanceOfSatisfying(
                        LetterRecords.Found.Letter.class,
                        letter -> {
                            var why = letter.letter().why();
                            assertThat(why.reason()).isEmpty();
                            assertThat(why.attempts()).isEqualTo(Integer.MAX_VALUE);
                            assertThat(why.revision()).isZero();
                            assertThat(why.acceptedAt()).isNull();
                            assertThat(why.origin()).isNull();
                            assertThat(letter.letter().content())
                                    .isInstanceOf(Decoded.Malformed.class);
                        });
    }
}
