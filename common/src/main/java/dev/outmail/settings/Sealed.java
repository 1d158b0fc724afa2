package dev.outmail.settings;

import dev.outmail.settings.Connection.SmtpServer;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/// A password that is in the settings themselves, encrypted: `om1.KEY.IV.CIPHERTEXT`, the last two
/// in base64url without padding, where the tag ends the ciphertext. What it opens with is a
/// [KeyRing].
///
/// @param profile whose settings hold it, which is no part of what is written
/// @param keyId which key it opens with
public record Sealed(String profile, String keyId, String iv, String ciphertext)
        implements SecretReference {
    static final String FORMAT = "om1";
    private static final String START = FORMAT + ".";

    public Sealed {
        Objects.requireNonNull(profile, "profile");
        if (!KeyRing.isId(keyId)
                || bytes(iv).length != KeyRing.IV_BYTES
                || bytes(ciphertext).length < KeyRing.TAG_BYTES) {
            throw malformed();
        }
    }

    /// Whether a text can only be meant as a sealed password.
    static boolean isWrittenSo(String text) {
        return text.startsWith(START);
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException never repeating the text
    static Sealed parse(String profile, String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4 || !parts[0].equals(FORMAT)) {
            throw malformed();
        }
        return new Sealed(profile, parts[1], parts[2], parts[3]);
    }

    /// The sealed password that settings hold, if they hold one.
    public static Optional<Sealed> in(Settings settings) {
        return settings.connection() instanceof SmtpServer server
                        && server.login() != null
                        && server.login().password() instanceof Sealed sealed
                ? Optional.of(sealed)
                : Optional.empty();
    }

    byte[] ivBytes() {
        return bytes(iv);
    }

    byte[] ciphertextBytes() {
        return bytes(ciphertext);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Refuses bytes that are written otherwise than we write them.
    private static byte[] bytes(String base64) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            if (base64(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // its message may quote the text
        }
        throw malformed();
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("a sealed password is written om1.KEY.IV.CIPHERTEXT");
    }

    @Override
    public String toString() {
        return START + keyId + "." + iv + "." + ciphertext;
    }
}
