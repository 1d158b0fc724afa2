package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.smtp.PoolState;
import dev.outmail.mail.EmailAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// A transport that answers as it is told, one answer for each attempt, and keeps what it was
/// given.
final class FakeTransport implements PooledTransport {
    static final String NAME = "fake:25";
    static final String LAST_WORDS = "that was all";

    private final Deque<Transport> answers = new ArrayDeque<>();
    private final List<Outbound> taken = new ArrayList<>();
    private boolean closed;
    private int size;

    /// What it was told last.
    int size() {
        return size;
    }

    @Override
    public void resize(int maxConnections) {
        size = maxConnections;
    }

    @Override
    public PoolState connections() {
        return new PoolState(0, 0, 0, size, Map.of());
    }

    List<Outbound> taken() {
        return taken;
    }

    boolean isClosed() {
        return closed;
    }

    /// The next attempt ends with a verdict for each recipient, in their order.
    void willJudge(Verdict... verdicts) {
        willAnswer(message -> {
            var recipients = message.envelope().recipients();
            assertThat(recipients).hasSameSizeAs(verdicts);
            var judged = new ArrayList<RecipientVerdict>();
            for (int i = 0; i < verdicts.length; i++) {
                judged.add(verdict(recipients.get(i), verdicts[i]));
            }
            return new TransportResult.Judged(NAME, judged, LAST_WORDS);
        });
    }

    void willFail(TransportResult.Kind kind) {
        willAnswer(message -> trouble(kind));
    }

    void willAnswer(Attempt attempt) {
        answers.add(attempt);
    }

    static TransportResult.Trouble trouble(TransportResult.Kind kind) {
        return switch (kind) {
            case SERVER ->
                    new TransportResult.Trouble(NAME, kind, Reason.UNREACHABLE, "nobody answers");
            case CREDENTIALS ->
                    new TransportResult.Trouble(NAME, kind, Reason.LOGIN_FAILED, "535 who is that");
        };
    }

    static RecipientVerdict verdict(EmailAddress recipient, Verdict verdict) {
        var reason =
                switch (verdict) {
                    case ACCEPTED -> Reason.ACCEPTED;
                    case DEFERRED -> Reason.GREYLISTED;
                    case REJECTED -> Reason.UNKNOWN_RECIPIENT;
                    case DROPPED -> Reason.NOT_ALLOWED;
                    case IN_DOUBT -> Reason.ANSWER_LOST;
                };
        return new RecipientVerdict(recipient, verdict, reason, verdict + " by the fake");
    }

    /// One attempt; nothing is closed.
    interface Attempt extends Transport {
        @Override
        default void close() {}
    }

    @Override
    public TransportResult deliver(Outbound message) throws InterruptedException {
        taken.add(message);
        return answers.remove().deliver(message);
    }

    @Override
    public void close() {
        closed = true;
    }
}
