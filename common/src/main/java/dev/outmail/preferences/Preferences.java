package dev.outmail.preferences;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Timing;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;

/// What recipients chose, as it is kept in memory: not their addresses but 63 bits of a hash of
/// each, so that a million take some 17 MB and no address is in a heap dump.
///
/// Two recipients whose hashes are the same would share an entry: mail of one would have the timing
/// that the other chose, and no other harm would come of it. The chance that there are two such
/// among a million is one in twenty million. The hash is SHA-256 behind a secret of this process,
/// so that nobody can choose addresses that meet.
///
/// Safe for all threads: the table is guarded by its monitor.
public final class Preferences {
    private static final int SECRET_BYTES = 16;

    private final byte[] secret = new byte[SECRET_BYTES];
    private final TimingTable table = new TimingTable();

    Preferences() {
        new SecureRandom().nextBytes(secret);
    }

    /// Nobody chose anything.
    public static Preferences none() {
        return new Preferences();
    }

    /// What the recipient chose.
    public Optional<Timing> timing(EmailAddress address) {
        long hash = hash(PreferenceCodec.key(address));
        synchronized (table) {
            return Optional.ofNullable(table.find(hash));
        }
    }

    /// @param key of the recipient's records
    void put(byte[] key, Timing timing) {
        long hash = hash(key);
        synchronized (table) {
            table.put(hash, timing);
        }
    }

    /// @param key of the recipient's records
    void clear(byte[] key) {
        long hash = hash(key);
        synchronized (table) {
            table.remove(hash);
        }
    }

    /// How many recipients chose something.
    public int size() {
        synchronized (table) {
            return table.size();
        }
    }

    /// What they take, but for some hundred bytes; half as much again while the table grows.
    public long bytes() {
        synchronized (table) {
            return table.bytes();
        }
    }

    private long hash(byte[] key) {
        var sha256 = sha256();
        sha256.update(secret);
        return ByteBuffer.wrap(sha256.digest(key)).getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
