package dev.outmail.worker.ledger;

import dev.outmail.mail.EventId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Events of tests, by number, and things by chance.
final class Ids {
    private static final IdentityHasher HASHER = new IdentityHasher();

    private Ids() {}

    static EventId id(long number) {
        return new EventId("/tests", "mail-" + number);
    }

    static byte[] identity(long number) {
        return id(number).toString().getBytes(StandardCharsets.UTF_8);
    }

    static synchronized IdentityHash hash(long number) {
        return HASHER.hash(identity(number));
    }

    static <T> T anyOf(T[] values, RandomGenerator random) {
        return List.of(values).get(random.nextInt(values.length));
    }
}
