package dev.outmail.kafka;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Traces over Kafka: the headers `traceparent` and `tracestate` of W3C Trace Context, as they are
/// written in HTTP.
public final class TraceContext {
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapSetter<Headers> SETTER = TraceContext::set;

    private TraceContext() {}

    /// What the headers say; nothing where they have none, or none that is well-formed.
    public static Context of(Headers headers) {
        return W3C.extract(Context.root(), headers, new Getter());
    }

    /// The same; where they have none, what is said elsewhere.
    ///
    /// @param otherwise `traceparent` and `tracestate`; may be empty
    public static Context of(Headers headers, Map<String, String> otherwise) {
        var context = of(headers);
        return Span.fromContext(context).getSpanContext().isValid()
                ? context
                : W3C.extract(Context.root(), otherwise, new MapGetter());
    }

    /// Puts the context's trace into the headers, if it has one.
    public static void put(Context context, Headers headers) {
        W3C.inject(context, headers, SETTER);
    }

    private static void set(@Nullable Headers headers, String name, String value) {
        if (headers != null) {
            headers.remove(name).add(name, value.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class MapGetter implements TextMapGetter<Map<String, String>> {
        @Override
        public Iterable<String> keys(Map<String, String> values) {
            return values.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> values, String name) {
            return values == null ? null : values.get(name);
        }
    }

    private static final class Getter implements TextMapGetter<Headers> {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false).map(Header::key).toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            var header = headers == null ? null : headers.lastHeader(name);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.US_ASCII);
        }
    }
}
