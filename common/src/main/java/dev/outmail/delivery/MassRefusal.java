package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Notices a server that refuses us and not our messages: one after the other, in the same words.
/// Then no more of them become dead letters for it; the refusal counts as trouble with who we are.
/// Guarded by its monitor.
final class MassRefusal {
    private static final int IN_A_ROW = 10;
    private static final int IN_A_WHILE = 20;
    private static final Duration A_WHILE = Duration.ofSeconds(60);

    private final LongSupplier nanoTime;
    private final Deque<Long> times = new ArrayDeque<>();
    private String words = "";
    private int row;

    MassRefusal(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// The result, or trouble in its place where it is one refusal too many: the tenth in a row, or
    /// the twentieth within a minute in which nothing was accepted.
    ///
    /// @param afterRefusalOfAll whether somebody noticed before, and this attempt was to find out
    ///   whether it is still so: then one refusal is one too many
    synchronized TransportResult check(TransportResult result, boolean afterRefusalOfAll) {
        return switch (result) {
            case TransportResult.Trouble trouble -> trouble;
            case TransportResult.Busy busy -> busy;
            case TransportResult.Withheld withheld -> withheld;
            case TransportResult.Judged judged -> check(judged, afterRefusalOfAll);
        };
    }

    /// Starts anew: the sender may be another one now.
    synchronized void settingsChanged() {
        forget();
    }

    private TransportResult check(TransportResult.Judged judged, boolean afterRefusalOfAll) {
        if (has(judged, Verdict.ACCEPTED)) {
            forget();
            return judged;
        }
        var refusal = refusalOfAll(judged);
        if (refusal == null) {
            row = 0;
            return judged;
        }
        count(refusal);
        return afterRefusalOfAll || row >= IN_A_ROW || times.size() >= IN_A_WHILE
                ? trouble(judged)
                : judged;
    }

    private void forget() {
        row = 0;
        times.clear();
    }

    private void count(String refusal) {
        if (!refusal.equals(words)) {
            forget();
            words = refusal;
        }
        row++;
        long now = nanoTime.getAsLong();
        times.addLast(now);
        while (times.size() > IN_A_WHILE || now - times.getFirst() > A_WHILE.toNanos()) {
            times.removeFirst();
        }
    }

    private TransportResult.Trouble trouble(TransportResult.Judged judged) {
        return new TransportResult.Trouble(
                judged.server(),
                TransportResult.Kind.CREDENTIALS,
                Reason.ALL_REFUSED,
                Printable.of(
                        "the server refuses one message after the other in the same words, so it is"
                                + " us that it refuses; check the sender's address, the account and"
                                + " whether we are blocked: "
                                + judged.detail()));
    }

    private static boolean has(TransportResult.Judged judged, Verdict verdict) {
        return judged.verdicts().stream().anyMatch(one -> one.verdict() == verdict);
    }

    /// The words in which every recipient was refused for what may be our fault; null where one was
    /// not, or for what can't be.
    private static @Nullable String refusalOfAll(TransportResult.Judged judged) {
        for (var one : judged.verdicts()) {
            if (one.verdict() != Verdict.REJECTED || !mayBeOurs(one.reason())) {
                return null;
            }
        }
        return normalized(judged.verdicts().getFirst().detail());
    }

    private static boolean mayBeOurs(Reason reason) {
        return switch (reason) {
            case POLICY, REFUSED, SENDER_REFUSED -> true;
            default -> false;
        };
    }

    /// The codes and the words without what differs from message to message: addresses, numbers,
    /// identifiers.
    private static String normalized(String detail) {
        var kept = new StringBuilder();
        int position = 0;
        for (var word : detail.toLowerCase(Locale.ROOT).split("\\s+")) {
            boolean code = position < 2 && word.matches("\\d{3}|\\d\\.\\d{1,3}\\.\\d{1,3}");
            if (code || word.chars().noneMatch(c -> c == '@' || Character.isDigit(c))) {
                kept.append(word).append(' ');
            }
            position++;
        }
        return kept.toString();
    }
}
