package dev.outmail.submission.smtp;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may log in: a file of `NAME:BCRYPT`, a line each, as `htpasswd -B` writes it. It is read
/// again when it was changed. For many threads.
final class Users {
    private static final Logger log = LoggerFactory.getLogger(Users.class);
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";
    private static final String HASH = "\\$2[abxy]?\\$[0-9]{2}\\$[./A-Za-z0-9]{53}";

    /// All that bcrypt looks at.
    private static final int MOST_BYTES = 72;

    private final Path file;
    private final Semaphore turns;
    private final byte[] salt = new byte[32];

    /// What a right password looks like, once bcrypt has said so: it takes a tenth of a second each
    /// time, and some clients log in for every mail. By a salt that is nowhere but here.
    private final Map<String, byte[]> seen = new ConcurrentHashMap<>();

    /// In the file's order. Both are guarded by this.
    private Map<String, String> hashes = Map.of();

    private @Nullable FileTime readAt;

    /// @throws UncheckedIOException when the file can't be read
    Users(Path file) {
        this(file, new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));
    }

    /// @param turns to use bcrypt, which leave cores to those who send
    Users(Path file, Semaphore turns) {
        this.file = file;
        this.turns = turns;
        new SecureRandom().nextBytes(salt);
        refresh();
    }

    /// Whether it is, and bcrypt has said so before: this takes no time.
    boolean wasRight(String name, byte[] password) {
        var hash = hashOf(name);
        return hash != null && MessageDigest.isEqual(looks(hash, password), seen.get(name));
    }

    boolean isRight(String name, byte[] password) {
        if (password.length > MOST_BYTES || password.length == 0) {
            return false;
        }
        var hash = hashOf(name);
        if (hash == null) {
            // as long as for a name that is known
            firstHash().ifPresent(another -> matches(password, another));
            return false;
        }
        boolean right = matches(password, hash);
        if (right) {
            seen.put(name, looks(hash, password));
        }
        return right;
    }

    private boolean matches(byte[] password, String hash) {
        turns.acquireUninterruptibly();
        try {
            return BCrypt.verifyer()
                    .verify(password, hash.getBytes(StandardCharsets.US_ASCII))
                    .verified;
        } finally {
            turns.release();
        }
    }

    private byte[] looks(String hash, byte[] password) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update(hash.getBytes(StandardCharsets.US_ASCII));
            return digest.digest(password);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized @Nullable String hashOf(String name) {
        try {
            refresh();
        } catch (UncheckedIOException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getCause())
                    .log("The users' file can't be read; those known so far may log in");
        }
        return hashes.get(name);
    }

    private synchronized Optional<String> firstHash() {
        return hashes.values().stream().findFirst();
    }

    private synchronized void refresh() {
        try {
            var changedAt = Files.getLastModifiedTime(file);
            if (!changedAt.equals(readAt)) {
                hashes = parse(Files.readAllLines(file));
                seen.keySet().retainAll(hashes.keySet());
                readAt = changedAt;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the users' file " + file + " can't be read", e);
        }
    }

    private static Map<String, String> parse(List<String> lines) {
        var hashes = new LinkedHashMap<String, String>();
        for (var line : lines) {
            var parts = line.strip().split(":", 2);
            if (parts.length == 2 && parts[0].matches(NAME) && parts[1].matches(HASH)) {
                hashes.put(parts[0], parts[1]);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                log.warn("A line of the users' file is not NAME:BCRYPT and is passed over");
            }
        }
        return hashes;
    }
}
