package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A trace that an application begins goes on to the outcomes of its mail.
class TracesIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final String TRACEPARENT = "traceparent";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String HEADER = "00-" + TRACE + "-" + PARENT + "-01";

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
    void eachAttemptIsASpanThatItsOutcomeGoesOnFrom() throws Exception {
        var spans = InMemorySpanExporter.create();
        try (var server = ScriptedSmtpServer.start();
                var tracing =
                        SdkTracerProvider.builder()
                                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                                .build()) {
            server.once("RCPT TO:<ada@", "451 4.7.1 <ada@example.org> greylisted");
            server.on("RCPT TO:<nobody@", "550 5.1.1 <nobody@example.org> no such user");
            site.start(OpenTelemetrySdk.builder().setTracerProvider(tracing).build());
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1"), TRACEPARENT, HEADER);
            site.awaitLog("1", OutcomeName.SENT);
            site.publish(Site.mail("2").to("nobody@example.org"));
            site.awaitLog("2", OutcomeName.REJECTED);
            Await.until(
                    Site.PATIENCE,
                    () -> spans.getFinishedSpanItems().size() == 3,
                    () -> "three spans; there are " + spans.getFinishedSpanItems());

            var ended = spans.getFinishedSpanItems();
            assertThat(ended.subList(0, 2))
                    .allMatch(span -> span.getTraceId().equals(TRACE))
                    .allMatch(span -> span.getParentSpanId().equals(PARENT))
                    .extracting(TracesIT::outcome)
                    .containsExactly("deferred", "sent");
            assertThat(ended.get(2).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(ended.get(2).getParentSpanContext().isValid()).isFalse();
            assertThat(traceparents())
                    .containsExactlyElementsOf(ended.stream().map(TracesIT::traceparent).toList());
            assertThat(ended.toString())
                    .contains("/tests#1", "unknown-recipient")
                    .doesNotContain("example.org", "no such user", "Subject", "Text");
        }
    }

    @Test
    void whereNobodyCollectsSpansTheHeaderIsCarriedOnAsItIs() throws Exception {
        site.start(OpenTelemetry.noop());
        site.save(new Connection.Silent());

        site.publish(Site.mail("1"), TRACEPARENT, HEADER);
        site.publish(Site.mail("2"), TRACEPARENT, "nonsense");
        site.awaitLog("1", OutcomeName.SILENCED);
        site.awaitLog("2", OutcomeName.SILENCED);

        assertThat(traceparents()).containsExactly(HEADER);
    }

    private static String traceparent(SpanData span) {
        var flags = span.getSpanContext().getTraceFlags().asHex();
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + flags;
    }

    private static String outcome(SpanData span) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey("outmail.outcome")));
    }

    /// Of all log entries that have one.
    private List<String> traceparents() {
        return KAFKA.readAll(site.topics().log()).stream()
                .filter(record -> record.headers().lastHeader(TRACEPARENT) != null)
                .map(record -> Site.header(record, TRACEPARENT))
                .toList();
    }
}
