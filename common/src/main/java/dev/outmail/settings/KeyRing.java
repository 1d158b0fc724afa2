package dev.outmail.settings;

import dev.outmail.settings.SecretReference.SecretUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The keys to sealed passwords, by their ids: the first seals, all of them open. AES-256-GCM with
/// a random IV each time, which is safe for four thousand million passwords a key (NIST SP 800-38D
/// §8.3).
///
/// A password is padded before: two bytes that say how long it is, the password in UTF-8, and zeros
/// up to a multiple of 64, so that its length does not show.
public final class KeyRing {
    /// Of programs that seal and open nothing.
    public static final KeyRing EMPTY = new KeyRing(Map.of());

    static final int IV_BYTES = 12;
    static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int PADDED_TO = 64;
    private static final int LONGEST_PASSWORD = 1_000;
    private static final String FILE = "file:/";

    private final Map<String, SecretKey> keys;
    private final SecureRandom random = new SecureRandom();

    private KeyRing(Map<String, SecretKey> keys) {
        this.keys = keys;
    }

    /// Reads `ID:BASE64,ID:BASE64`, or `file:/PATH` for a file that holds that, there on several
    /// lines if one likes; none where nothing is written.
    ///
    /// @throws IllegalArgumentException never repeating a key
    public static KeyRing read(String written) {
        if (written.isBlank()) {
            return EMPTY;
        }
        return parse(written.startsWith(FILE) ? content(Path.of(written.substring(5))) : written);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the file " + file + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    private static KeyRing parse(String written) {
        var keys = new LinkedHashMap<String, SecretKey>();
        var entries = written.strip().split("[,\\s]+", -1);
        for (int i = 0; i < entries.length; i++) {
            int colon = entries[i].indexOf(':');
            var id = entries[i].substring(0, Math.max(0, colon));
            if (!isId(id)) {
                throw new IllegalArgumentException(
                        "key " + (i + 1) + " of " + entries.length + " is not written ID:BASE64");
            }
            var key = key(id, entries[i].substring(colon + 1));
            if (keys.containsValue(key) || keys.putIfAbsent(id, key) != null) {
                throw new IllegalArgumentException("the key '" + id + "' is there twice");
            }
        }
        return new KeyRing(Collections.unmodifiableMap(keys));
    }

    private static SecretKey key(String id, String base64) {
        byte[] bytes = {};
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // said below; its message may quote the text
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key '"
                            + id
                            + "' is not the base64 of 32 bytes;"
                            + " outmail secrets generate-key makes one");
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /// Not `file`, which is how a ring begins that is in a file.
    static boolean isId(String text) {
        return text.matches("[A-Za-z0-9_-]{1,32}") && !text.equals("file");
    }

    /// A new key as it is written in a ring.
    ///
    /// @throws IllegalArgumentException for what can't be an id
    public static String generate(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "a key's id is 1 to 32 letters, digits, '_' and '-', and not 'file'");
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return id + ":" + Base64.getEncoder().encodeToString(key);
    }

    /// The ids of all keys, that of the one that seals first.
    public Set<String> ids() {
        return keys.keySet();
    }

    /// What a text is signed with by one of the keys (HMAC with SHA-256, in base64url without
    /// padding), so that whoever has the text and this has had the key.
    public boolean hasSigned(String text, String signature) {
        byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
        boolean signed = false;
        for (var key : keys.values()) {
            signed |=
                    MessageDigest.isEqual(
                            signature(key, text).getBytes(StandardCharsets.US_ASCII), given);
        }
        return signed;
    }

    /// Signs with the first key.
    ///
    /// @throws IllegalStateException where there is none
    public String sign(String text) {
        var first = keys.values().stream().findFirst();
        return signature(first.orElseThrow(() -> new IllegalStateException("no key")), text);
    }

    private static String signature(SecretKey key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
            return Sealed.base64(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /// The id of the key that seals.
    public Optional<String> primary() {
        return keys.keySet().stream().findFirst();
    }

    /// Seals with the first key.
    ///
    /// @throws IllegalArgumentException for what can't be a password
    /// @throws IllegalStateException when there is no key
    public Sealed seal(String password, Binding binding) {
        var first =
                keys.entrySet().stream()
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("there is no key"));
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] padded = padded(password);
        try {
            byte[] sealed =
                    crypt(
                            Cipher.ENCRYPT_MODE,
                            first.getValue(),
                            iv,
                            binding.associatedData(),
                            padded);
            return new Sealed(
                    binding.profile(), first.getKey(), Sealed.base64(iv), Sealed.base64(sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM fails on this Java platform", e);
        } finally {
            Arrays.fill(padded, (byte) 0);
        }
    }

    /// Opens what was sealed with one of the keys for the same binding.
    ///
    /// @throws SecretUnavailable saying why not
    Secret open(Sealed sealed, Binding binding) throws SecretUnavailable {
        var key = keys.get(sealed.keyId());
        if (key == null) {
            throw new SecretUnavailable(
                    "it is sealed with the key '"
                            + sealed.keyId()
                            + "', and secrets.keys has here "
                            + (keys.isEmpty() ? "none" : String.join(", ", ids())));
        }
        try {
            byte[] padded =
                    crypt(
                            Cipher.DECRYPT_MODE,
                            key,
                            sealed.ivBytes(),
                            binding.associatedData(),
                            sealed.ciphertextBytes());
            try {
                return new Secret(unpadded(padded));
            } finally {
                Arrays.fill(padded, (byte) 0);
            }
        } catch (GeneralSecurityException e) {
            throw new SecretUnavailable(
                    "it does not open with the key '"
                            + sealed.keyId()
                            + "': it was sealed for"
                            + " another topic, profile, host, port, user name or security, with"
                            + " another key of that name, or was altered");
        }
    }

    static byte[] crypt(int mode, SecretKey key, byte[] iv, byte[] associatedData, byte[] input)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(associatedData);
        return cipher.doFinal(input);
    }

    private static byte[] padded(String password) {
        byte[] utf8 = password.getBytes(StandardCharsets.UTF_8);
        // AUTH PLAIN parts its fields with NUL (RFC 4616)
        if (utf8.length == 0 || utf8.length > LONGEST_PASSWORD || password.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a password is 1 to " + LONGEST_PASSWORD + " bytes without NUL");
        }
        int blocks = Math.ceilDiv(Short.BYTES + utf8.length, PADDED_TO);
        var padded = ByteBuffer.allocate(blocks * PADDED_TO);
        padded.putShort((short) utf8.length).put(utf8);
        Arrays.fill(utf8, (byte) 0);
        return padded.array();
    }

    private static String unpadded(byte[] padded) throws GeneralSecurityException {
        int length = padded.length < Short.BYTES ? 0 : ByteBuffer.wrap(padded).getShort();
        if (length < 1 || length > padded.length - Short.BYTES) {
            throw new GeneralSecurityException("not padded by us");
        }
        return new String(padded, Short.BYTES, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyRing ring && keys.equals(ring.keys);
    }

    @Override
    public int hashCode() {
        return keys.keySet().hashCode();
    }

    /// The ids only.
    @Override
    public String toString() {
        return "KeyRing" + ids();
    }
}
