package dev.outmail.delivery;

import org.jspecify.annotations.Nullable;

/// The right to one attempt. It ends in one of three ways; ending it twice does nothing. Used by
/// the attempt's thread.
final class Permit implements AutoCloseable {
    private final Breaker breaker;
    private final @Nullable String probe;
    private final String settingsThen;
    private final boolean afterRefusalOfAll;
    private boolean ended;

    /// @param probe null where it is no probe
    Permit(
            Breaker breaker,
            @Nullable String probe,
            String settingsThen,
            boolean afterRefusalOfAll) {
        this.breaker = breaker;
        this.probe = probe;
        this.settingsThen = settingsThen;
        this.afterRefusalOfAll = afterRefusalOfAll;
    }

    /// Whether it probes a server that refused all that we sent, so that one refusal more is no
    /// verdict on this message either.
    boolean isAfterRefusalOfAll() {
        return afterRefusalOfAll;
    }

    boolean isProbe() {
        return probe != null;
    }

    void end(TransportResult result) {
        switch (result) {
            case TransportResult.Trouble trouble -> {
                // one connection that fails is one trouble, however many wait for it
                if (!trouble.echo() || probe != null) {
                    breaker.troubled(BreakerSignal.Cause.of(trouble), probe, settingsThen);
                }
            }
            case TransportResult.Judged judged -> {
                var lost = lostAnswer(judged);
                if (lost == null) {
                    breaker.answered(probe);
                } else {
                    breaker.troubled(lost, probe, settingsThen);
                }
            }
            case TransportResult.Busy busy -> {
                return; // nobody was asked
            }
            case TransportResult.Withheld withheld -> {
                return; // the server was asked for nothing that it could refuse
            }
        }
        ended = true;
    }

    /// Without a result: the attempt was abandoned, and another may probe.
    @Override
    public void close() {
        if (!ended && probe != null) {
            ended = true;
            breaker.abandoned(probe);
        }
    }

    /// A server that takes a message's recipients and then never answers is in trouble too, though
    /// each message must be judged on its own: it may be what the server stumbles over.
    private static BreakerSignal.@Nullable Cause lostAnswer(TransportResult.Judged judged) {
        for (var verdict : judged.verdicts()) {
            switch (verdict.reason()) {
                case CONNECTION_LOST, DEADLINE_EXCEEDED, ANSWER_LOST -> {}
                default -> {
                    return null;
                }
            }
        }
        var first = judged.verdicts().getFirst();
        return new BreakerSignal.Cause(TransportResult.Kind.SERVER, first.reason(), first.detail());
    }
}
