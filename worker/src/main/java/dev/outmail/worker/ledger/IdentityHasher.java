package dev.outmail.worker.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashes identities. For one thread.
final class IdentityHasher {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256;
    private final byte[] digest;

    IdentityHasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        digest = new byte[sha256.getDigestLength()];
    }

    /// @param identity in UTF-8, as it is the key of records
    IdentityHash hash(byte[] identity) {
        sha256.update(identity);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the buffer is as long as the digest", e);
        }
        return new IdentityHash((long) LONGS.get(digest, 0), (long) LONGS.get(digest, Long.BYTES));
    }
}
