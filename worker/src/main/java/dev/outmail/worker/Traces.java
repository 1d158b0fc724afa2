package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.kafka.TraceContext;
import dev.outmail.worker.OutcomeWriter.Ended;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.kafka.common.header.Headers;

/// Traces of mails: each outcome that is written down is a span, whose parent is what the event's
/// `traceparent` says, and goes on from there in the header of its log entry. Where nobody collects
/// spans the header is carried on as it is.
///
/// A span has the event's id, which is the application's, and never a recipient, a subject, or a
/// word of a server.
final class Traces {
    private final Tracer tracer;

    Traces(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("dev.outmail.worker");
    }

    /// The span of an outcome; to be ended when the outcome is durable.
    Spanned begin(Ended ended) {
        var event = ended.mail().event();
        var outcome = ended.outcome();
        var parent = ended.task().trace();
        var span =
                tracer.spanBuilder("outmail attempt")
                        .setParent(parent)
                        .setSpanKind(SpanKind.CONSUMER)
                        .setStartTimestamp(ended.startedAt())
                        .setAttribute("messaging.system", "kafka")
                        .setAttribute("messaging.destination.name", ended.record().topic())
                        .setAttribute(
                                "messaging.destination.partition.id",
                                Integer.toString(ended.record().partition()))
                        .setAttribute("messaging.kafka.offset", ended.record().offset())
                        .setAttribute("outmail.event", event.id().toString())
                        .setAttribute("outmail.profile", event.profile())
                        .setAttribute("outmail.attempt", ended.attempt())
                        .setAttribute("outmail.outcome", LogEntries.name(outcome).wireName())
                        .setAttribute("outmail.reason", outcome.reason().wireName())
                        .startSpan();
        if (isFailure(outcome)) {
            span.setStatus(StatusCode.ERROR);
        }
        return new Spanned(span, parent.with(span), ended);
    }

    private static boolean isFailure(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Rejected _, Outcome.Expired _ -> true;
            case Outcome.InDoubt _, Outcome.HeldInDoubt _, Outcome.Troubled _ -> true;
            case Outcome.Sent _, Outcome.Silenced _, Outcome.Dropped _ -> false;
            case Outcome.Deferred _, Outcome.Paused _, Outcome.Held _, Outcome.NotYet _ -> false;
        };
    }

    /// An outcome and its span, which tells of it once it is ended.
    record Spanned(Span span, Context context, Ended ended) {
        /// Lets who reads the record go on with the trace.
        void continueIn(Headers headers) {
            TraceContext.put(context, headers);
        }

        void end() {
            span.end(ended.startedAt().plus(ended.took()));
        }
    }
}
