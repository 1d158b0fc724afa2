package dev.outmail.worker.ledger;

import dev.outmail.mail.EventId;
import java.nio.charset.StandardCharsets;

/// Events of tests, by number.
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
}
