package dev.outmail.producer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.kafka.TraceContext;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What applications publish is on the topic when they are told so.
class PublishIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);
    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA.bootstrapServers(), KAFKA.prefix());
    }

    @Test
    void aReceiptSaysWhereTheEventIs() {
        var event = Site.mail("1").build();
        try (var outmail = site.connect()) {
            var receipt = outmail.publish(event).join();

            var record = KAFKA.readAll(site.topics().events()).getFirst();
            assertThat(receipt)
                    .isEqualTo(
                            new Receipt.Queued(
                                    site.topics().events(), record.partition(), record.offset()));
            assertThat(codec.decode(record.value())).isEqualTo(new Decoded.Ok(event));
        }
    }

    @Test
    void theTraceOfWhoPublishesGoesAlong() {
        var header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(US_ASCII);
        var caller = new RecordHeaders().add("traceparent", header);
        try (var outmail = site.connect()) {
            try (var current = TraceContext.of(caller).makeCurrent()) {
                assertThat(current).isNotNull();
                outmail.publish(Site.mail("traced").build()).join();
            }
            outmail.publish(Site.mail("untraced").to("a@example.org").build()).join();

            assertThat(KAFKA.readAll(site.topics().events()))
                    .extracting(record -> record.headers().lastHeader("traceparent"))
                    .containsExactlyInAnyOrder(new RecordHeader("traceparent", header), null);
        }
    }

    @Test
    void mailOfAConversationOrToTheSameRecipientStaysInOrder() {
        try (var outmail = site.connect()) {
            for (int i = 0; i < 10; i++) {
                outmail.publish(Site.mail("to-ada-" + i).build()).join();
                outmail.publish(
                                MailEvent.builder()
                                        .id("thread-" + i)
                                        .to("user" + i + "@example.org")
                                        .subject("")
                                        .text("")
                                        .conversation("task-42")
                                        .build())
                        .join();
            }

            var records = KAFKA.readAll(site.topics().events());
            assertThat(records.stream().map(record -> ByteBuffer.wrap(record.key())).distinct())
                    .hasSize(2);
        }
    }

    /// Whose recipients come from a set, say, in another order after a restart.
    @Test
    void anEventPublishedAgainComesToThePartitionThatKnowsIt() {
        try (var outmail = site.connect()) {
            var recipients = List.of("bob@example.org", "ada@example.org", "eve@example.org");
            outmail.publish(Site.mail("again").to(recipients).build()).join();
            outmail.publish(Site.mail("again").to(recipients.reversed()).build()).join();

            var records = KAFKA.readAll(site.topics().events());
            assertThat(records.stream().map(record -> ByteBuffer.wrap(record.key())).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void theTimingOfTheMomentDecides() throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var outmail = site.connect()) {
            site.save(Site.smtp(server.port()), Timing.IN_BACKGROUND);
            assertThat(outmail.send(Site.mail("1").build())).isInstanceOf(Receipt.Queued.class);

            site.save(Site.smtp(server.port()), Timing.INSTANTLY);
            var numbers = IntStream.iterate(2, i -> i + 1).iterator();
            Await.until(
                    Site.PATIENCE,
                    () ->
                            outmail.send(Site.mail("mail-" + numbers.next()).build())
                                    instanceof Receipt.Delivered,
                    "the new timing holds");

            assertThat(server.received()).hasSize(1);
            var later = Site.mail("later").sendAt(Instant.now().plus(Duration.ofHours(1)));
            assertThat(outmail.send(later.build())).isInstanceOf(Receipt.Queued.class);
        }
    }

    @Test
    void itKnowsThatKafkaAnswersAndWhichSettingsItHas() {
        site.save(new Connection.Silent(), Timing.IN_BACKGROUND);
        try (var outmail = site.connect()) {
            Await.until(
                    Site.PATIENCE,
                    () ->
                            outmail.health()
                                    .equals(
                                            new Health(
                                                    true, true, Map.of("default", 1L), Map.of())),
                    () -> "good health instead of " + outmail.health());
        }
    }

    @Test
    void theLargestEventPasses() {
        var largest = ofBytes(EventLimits.DEFAULT.maxBytes());
        try (var outmail = site.connect()) {
            outmail.publish(largest).join();

            var record = KAFKA.readAll(site.topics().events()).getFirst();
            assertThat(record.value()).hasSize(EventLimits.DEFAULT.maxBytes());
            assertThat(codec.decode(record.value())).isEqualTo(new Decoded.Ok(largest));
        }
    }

    @Test
    void aLargerEventIsRefusedWhateverTheTiming() {
        var tooLarge = ofBytes(EventLimits.DEFAULT.maxBytes() + 1);
        site.save(new Connection.Silent(), Timing.INSTANTLY);
        try (var outmail = site.connect()) {
            for (var way :
                    List.<ThrowingCallable>of(
                            () -> outmail.send(tooLarge),
                            () -> outmail.publish(tooLarge).join(),
                            () -> outmail.deliverNow(tooLarge))) {
                var refused = catchThrowableOfType(InvalidMailEvent.class, way);

                assertThat(refused)
                        .hasMessageContaining("10,485,761 bytes")
                        .hasMessageContaining("1 more than the limit of 10,485,760");
            }
            assertThat(KAFKA.readAll(site.topics().events())).isEmpty();
        }
    }

    /// An event that has so many bytes as JSON.
    private MailEvent ofBytes(int bytes) {
        int rest = new EventCodec(new EventLimits(1, 2_000)).encode(Site.mail("1").build()).length;
        var text = "Text of 1" + "x".repeat(bytes - rest);
        return Site.mail("1").text(text).build();
    }
}
