package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.deadletters.SilentMail;
import dev.outmail.deadletters.SilentMail.Silenced;
import dev.outmail.kafka.Headers;
import dev.outmail.mail.EventLimits;
import dev.outmail.settings.Connection;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Events come as CloudEvents and outcomes go as such.
class CloudEventsIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final String TRACEPARENT =
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

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
    void itIsTheSameEventInWhateverModeItComes() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start();
            site.save(Site.smtp(server.port()));

            site.send(binary("1"));
            site.awaitLog("1", OutcomeName.SENT);
            site.send(structured("1"));
            site.awaitLog("1", OutcomeName.DUPLICATE);
            site.send(structured("2"));
            var sent = site.awaitLog("2", OutcomeName.SENT);

            assertThat(sent.event()).isEqualTo(new LogEntry.Event("/tests", "2", "greeting"));
            assertThat(server.received()).hasSize(2);
            assertThat(KAFKA.readAll(site.topics().log()))
                    .hasSize(3)
                    .allSatisfy(entry ->
                            assertThat(Site.header(entry, "traceparent")).isEqualTo(TRACEPARENT));
        }
    }

    @Test
    void cloudEventThatIsNoneIsKeptWholeWithItsHeaders() throws Exception {
        site.start();
        site.save(new Connection.Silent());
        var binary = binary("1");
        binary.headers().remove("ce_specversion").add("ce_specversion", utf8("0.3"));
        var expired = binary("2");
        expired.headers().add("ce_expirytime", utf8("2020-01-01T00:00:00Z"));

        site.send(binary);
        site.awaitDeadLetters(1);
        site.send(expired);
        var letters = site.awaitDeadLetters(2);

        assertThat(letters.getFirst().value()).isEqualTo(binary.value());
        assertThat(headersOf(letters.getFirst(), binary.headers().toArray().length))
                .containsExactly(binary.headers().toArray());
        assertThat(Site.header(letters.getFirst(), Headers.DETAIL)).contains("specversion", "0.3");
        assertThat(site.awaitLog("1", OutcomeName.MALFORMED).event()).isNotNull();
        assertThat(Site.header(letters.getLast(), Headers.OUTCOME)).isEqualTo("expired");
        assertThat(headersOf(letters.getLast(), expired.headers().toArray().length))
                .containsExactly(expired.headers().toArray());
    }

    @Test
    void whatWasSilencedIsReleasedAsTheCloudEventThatItWas() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start();
            site.save(new Connection.Silent());
            site.send(structured("1"));
            var silenced = site.awaitLog("1", OutcomeName.SILENCED);
            var place = Objects.requireNonNull(silenced.record());
            site.save(Site.smtp(server.port()));

            var clock = InstantSource.system();
            new SilentMail(site.clients(), site.topics(), EventLimits.DEFAULT, clock)
                    .release(List.of(new Silenced(place.partition(), place.offset(), 1)));

            assertThat(site.awaitLog("1", OutcomeName.SENT).attempt()).isEqualTo(2);
            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void outcomesAreCloudEventsOnRequest() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once("RCPT TO:<ada@", "451 4.7.1 <ada@example.org> greylisted");
            site.start(Map.of("outcomes.cloudevents", "on"));
            site.save(Site.smtp(server.port()));

            site.send(binary("1"));
            site.send(new ProducerRecord<>(site.topics().events(), utf8("no event")));
            site.awaitLog("1", OutcomeName.SENT);

            var log = KAFKA.awaitRecords(site.topics().log(), 3, Duration.ofSeconds(10));
            assertThat(log)
                    .extracting(entry -> Site.header(entry, "ce_type"))
                    .containsExactlyInAnyOrder(
                            "dev.outmail.mail.deferred.v1",
                            "dev.outmail.mail.malformed.v1",
                            "dev.outmail.mail.sent.v1");
            assertThat(log)
                    .extracting(entry -> Site.header(entry, "ce_id"))
                    .doesNotHaveDuplicates();
            assertThat(log)
                    .allSatisfy(entry -> {
                        assertThat(Site.header(entry, "content-type"))
                                .isEqualTo("application/json");
                        assertThat(Site.header(entry, "ce_source"))
                                .isEqualTo("/" + site.topics().log());
                    });
        }
    }

    private ProducerRecord<byte[], byte[]> binary(String id) {
        var record =
                new ProducerRecord<>(
                        site.topics().events(),
                        utf8("ada"),
                        utf8(
                                """
                                {"from": "a@example.com", "to": ["ada@example.org"],
                                 "subject": "s", "text": "t"}
                                """));
        record.headers()
                .add("content-type", utf8("application/json"))
                .add("ce_specversion", utf8("1.0"))
                .add("ce_id", utf8(id))
                .add("ce_source", utf8("/tests"))
                .add("ce_type", utf8("greeting"))
                .add("ce_traceparent", utf8(TRACEPARENT));
        return record;
    }

    private ProducerRecord<byte[], byte[]> structured(String id) {
        var record =
                new ProducerRecord<>(
                        site.topics().events(),
                        utf8("ada"),
                        utf8(
                                """
                                {"specversion": "1.0", "id": "%s", "source": "/tests",
                                 "type": "greeting", "traceparent": "%s",
                                 "data": {"from": "a@example.com", "to": ["ada@example.org"],
                                          "subject": "s", "text": "t"}}
                                """
                                        .formatted(id, TRACEPARENT)));
        record.headers().add("content-type", utf8("application/cloudevents+json"));
        return record;
    }

    private static Header[] headersOf(ConsumerRecord<byte[], byte[]> record, int count) {
        return Arrays.copyOf(record.headers().toArray(), count);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
