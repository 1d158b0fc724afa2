package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.settings.Connection;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What can't be delivered is kept whole, says why, and is in nobody's way.
class DeadLettersIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void recordsThatAreNoEventsAreKeptWholeAndMailBetweenThemIsDelivered() throws Exception {
        site.start();
        site.save(new Connection.Silent());
        var malformed = malformedValues();

        int number = 0;
        for (var kind : malformed.entrySet()) {
            var record =
                    new ProducerRecord<>(
                            site.topics().events(), utf8(kind.getKey()), kind.getValue());
            record.headers().add("trace", utf8("of " + kind.getKey()));
            site.send(record);
            site.publish(Site.mail("good-" + number++));
        }

        site.awaitLogged(malformed.size(), OutcomeName.SILENCED);
        var letters = site.awaitDeadLetters(malformed.size());
        assertThat(letters).hasSize(malformed.size());
        for (var letter : letters) {
            String kind = new String(letter.key(), StandardCharsets.UTF_8);
            assertThat(letter.value()).as(kind).isEqualTo(malformed.get(kind));
            assertThat(Site.header(letter, "trace")).isEqualTo("of " + kind);
            assertThat(Site.header(letter, Headers.REASON)).isEqualTo("malformed");
            assertThat(Site.header(letter, Headers.OUTCOME)).isEqualTo("malformed");
            assertThat(Site.header(letter, Headers.ATTEMPTS)).isEqualTo("0");
            assertThat(Site.header(letter, Headers.TOPIC)).isEqualTo(site.topics().events());
            assertThat(Site.header(letter, Headers.DETAIL)).as(kind).isNotBlank();
        }
        assertThat(site.log(OutcomeName.MALFORMED)).hasSize(malformed.size());
        assertThat(Site.header(of(letters, "unknown field"), Headers.DETAIL))
                .contains("subjekt", "subject");
        site.awaitAllCommitted();
    }

    @Test
    void aRecordLargerThanAnyEventIsKeptByItsPlace() throws Exception {
        site.start();
        site.save(new Connection.Silent());
        var inflates = new byte[14 << 20];
        Arrays.fill(inflates, (byte) ' ');

        try (var producer =
                new KafkaClients(
                                Map.of(
                                        "bootstrap.servers",
                                        KAFKA.bootstrapServers(),
                                        "compression.type",
                                        "gzip",
                                        "max.request.size",
                                        Integer.toString(16 << 20)),
                                "test")
                        .producer("compressing", Map.of())) {
            producer.send(new ProducerRecord<>(site.topics().events(), utf8("1"), inflates)).get();
        }
        site.publish(Site.mail("2"));

        var letter = site.awaitDeadLetters(1).getFirst();
        assertThat(letter.value()).isNull();
        assertThat(Site.header(letter, Headers.DETAIL)).contains("too large");
        assertThat(Site.header(letter, Headers.PARTITION)).isEqualTo("0");
        assertThat(Site.header(letter, Headers.OFFSET)).isEqualTo("0");
        site.awaitLog("2", OutcomeName.SILENCED);
        site.awaitAllCommitted();
    }

    @Test
    void metadataTooLargeForTheLogHoldsNothingUp() throws Exception {
        site.start();
        site.save(new Connection.Silent());

        site.publish(Site.mail("1").metadata("blob", "x".repeat(2 << 20)));

        assertThat(site.awaitLog("1", OutcomeName.SILENCED).metadata()).isEmpty();
        site.awaitAllCommitted();
    }

    @Test
    void aRecipientThatIsRefusedForGoodMakesADeadLetterAndTheOthersGotIt() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("RCPT TO:<bad@", "550 5.1.1 no such user");
            site.start();
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1").to("bad@example.org").cc("bob@example.org"));

            var entry = site.awaitLog("1", OutcomeName.REJECTED);
            assertThat(entry.reason()).isEqualTo("unknown-recipient");
            assertThat(entry.detail()).contains("no such user");
            assertThat(entry.recipients())
                    .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                    .containsExactlyInAnyOrder(
                            tuple("ada@example.org", "accepted"),
                            tuple("bad@example.org", "rejected"),
                            tuple("bob@example.org", "accepted"));
            assertThat(server.received()).hasSize(1);
            assertThat(server.received().getFirst().recipients())
                    .containsExactlyInAnyOrder("<ada@example.org>", "<bob@example.org>");
            var letter = site.awaitDeadLetters(1).getFirst();
            assertThat(letter.value()).isEqualTo(published());
            assertThat(Site.header(letter, Headers.REASON)).isEqualTo("unknown-recipient");
            assertThat(Site.header(letter, Headers.OUTCOME)).isEqualTo("rejected");
            assertThat(Site.header(letter, Headers.ATTEMPTS)).isEqualTo("1");
            assertThat(Site.header(letter, Headers.REVISION)).isEqualTo("1");
            assertThat(letter.headers().headers(Headers.UNDELIVERED_RECIPIENT))
                    .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                    .containsExactly("bad@example.org");
            site.awaitAllCommitted();
        }
    }

    private byte[] published() {
        return KAFKA.readAll(site.topics().events()).getFirst().value();
    }

    private static Map<String, byte @Nullable []> malformedValues() {
        var values = new HashMap<String, byte @Nullable []>();
        values.put("null", null);
        values.put("empty", new byte[0]);
        values.put("not JSON", utf8("Dear Ada, …"));
        values.put("not an object", utf8("[1, 2]"));
        values.put("cut off", utf8("{\"id\": \"1\", \"to\": [\"ada@"));
        values.put("not UTF-8", new byte[] {'{', '"', (byte) 0xff, '"', '}'});
        values.put("deep", utf8("[".repeat(100_000)));
        values.put("unknown field", event("\"subjekt\": \"?\""));
        values.put("no recipient", utf8("{\"id\": \"1\", \"subject\": \"\", \"text\": \"\"}"));
        values.put("injection", event("\"headers\": {\"X-A\": \"1\\r\\nBcc: eve@example.org\"}"));
        values.put("too many recipients", event("\"cc\": [" + addresses(101) + "]"));
        return values;
    }

    private static byte[] event(String more) {
        return utf8(
                """
                {"id": "bad", "to": ["ada@example.org"], "subject": "", "text": "", %s}
                """
                        .formatted(more));
    }

    private static String addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"user" + i + "@example.org\"")
                .collect(Collectors.joining(","));
    }

    private static ConsumerRecord<byte[], byte[]> of(
            Iterable<ConsumerRecord<byte[], byte[]>> letters, String kind) {
        for (var letter : letters) {
            if (new String(letter.key(), StandardCharsets.UTF_8).equals(kind)) {
                return letter;
            }
        }
        throw new AssertionError("no dead letter of " + kind);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
