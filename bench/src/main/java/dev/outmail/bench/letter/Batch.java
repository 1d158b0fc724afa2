package dev.outmail.bench.letter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Mails to send, handed out to whoever asks. Safe for many threads.
public final class Batch {
    /// So that no mail is like one of a run before.
    private static final AtomicLong numbers = new AtomicLong(System.currentTimeMillis() * 1_000);

    private final LetterSize letters;
    private final long first;
    private final int size;
    private final AtomicLong handedOut = new AtomicLong();

    public Batch(LetterSize letters, int size) {
        this.letters = letters;
        this.size = size;
        this.first = numbers.getAndAdd(size);
    }

    public int size() {
        return size;
    }

    /// The next mail, if one is left.
    public Optional<Letter> next() {
        long index = handedOut.getAndIncrement();
        return index < size ? Optional.of(letters.letter(first + index)) : Optional.empty();
    }

    /// The next mails, none if none is left.
    public List<Letter> next(int atMost) {
        var some = new ArrayList<Letter>(atMost);
        for (var one = next(); one.isPresent(); one = next()) {
            some.add(one.get());
            if (some.size() == atMost) {
                break;
            }
        }
        return some;
    }
}
