package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final Binding BINDING =
            new Binding("outmail.settings", "default", "mx.test", 587, Security.STARTTLS, "app");
    private static final String K1 = key("k1", 1);
    private static final String K2 = key("k2", 2);
    private static final KeyRing RING = KeyRing.read(K1);

    /// A key that consists of one number.
    private static String key(String id, int number) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) number);
        return id + ":" + Base64.getEncoder().encodeToString(bytes);
    }

    private static String open(KeyRing ring, Sealed sealed) throws SecretUnavailable {
        return ring.open(sealed, BINDING).reveal();
    }

    private static ThrowableAssertAlternative<SecretUnavailable> assertRefused(
            KeyRing ring, Sealed sealed, Binding binding) {
        return assertThatExceptionOfType(SecretUnavailable.class)
                .isThrownBy(() -> ring.open(sealed, binding))
                .withMessageNotContaining("hunter2");
    }

    static Stream<String> passwords() {
        return Stream.of(
                "p", "pass word ü", " ", "x".repeat(62), "x".repeat(63), "x".repeat(1_000), "😀");
    }

    @ParameterizedTest
    @MethodSource("passwords")
    void whatIsSealedOpensAgain(String password) throws SecretUnavailable {
        assertThat(open(RING, RING.seal(password, BINDING))).isEqualTo(password);
    }

    @ParameterizedTest
    @MethodSource("passwords")
    void whatIsSealedIsWrittenAndRead(String password) throws SecretUnavailable {
        var sealed = RING.seal(password, BINDING);

        assertThat(sealed.toString()).startsWith("om1.k1.").matches("[A-Za-z0-9._-]+");
        assertThat(SecretReference.parse("default", sealed.toString())).isEqualTo(sealed);
    }

    static Stream<Binding> otherBindings() {
        return Stream.of(
                new Binding("other", "default", "mx.test", 587, Security.STARTTLS, "app"),
                new Binding("outmail.settings", "x", "mx.test", 587, Security.STARTTLS, "app"),
                new Binding("outmail.settings", "default", "mx", 587, Security.STARTTLS, "app"),
                new Binding("outmail.settings", "default", "mx.test", 25, Security.STARTTLS, "app"),
                new Binding("outmail.settings", "default", "mx.test", 587, Security.TLS, "app"),
                new Binding("outmail.settings", "default", "mx.test", 587, Security.NONE, "app"),
                new Binding("outmail.settings", "default", "mx.test", 587, Security.STARTTLS, "x"));
    }

    @ParameterizedTest
    @MethodSource("otherBindings")
    void itOpensForNothingElse(Binding other) {
        assertRefused(RING, RING.seal("hunter2", BINDING), other)
                .withMessageStartingWith("it does not open with the key 'k1'");
    }

    @Test
    void fieldsThatReadTheSameInARowAreBoundApart() {
        var one = new Binding("t", "p", "h", 5, Security.TLS, "87");
        var other = new Binding("t", "ph", "", 58, Security.TLS, "7");

        assertThat(one.associatedData()).isNotEqualTo(other.associatedData());
    }

    @Test
    void oneBitThatDiffersIsRefused() {
        var sealed = RING.seal("hunter2", BINDING);

        for (byte[] flipped : flipped(sealed.ivBytes())) {
            var other = Sealed.base64(flipped);
            assertRefused(RING, new Sealed("default", "k1", other, sealed.ciphertext()), BINDING);
        }
        for (byte[] flipped : flipped(sealed.ciphertextBytes())) {
            var other = Sealed.base64(flipped);
            assertRefused(RING, new Sealed("default", "k1", sealed.iv(), other), BINDING);
        }
    }

    private static List<byte[]> flipped(byte[] bytes) {
        return IntStream.range(0, bytes.length * Byte.SIZE)
                .mapToObj(bit -> {
                    var copy = bytes.clone();
                    copy[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                    return copy;
                })
                .toList();
    }

    @Test
    void whatIsCutOffIsRefused() {
        var sealed = RING.seal("hunter2", BINDING);
        var bytes = sealed.ciphertextBytes();

        for (int length = KeyRing.TAG_BYTES; length < bytes.length; length++) {
            var cut = Sealed.base64(Arrays.copyOf(bytes, length));
            assertRefused(RING, new Sealed("default", "k1", sealed.iv(), cut), BINDING);
        }
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        var sealed = RING.seal("hunter2", BINDING);

        assertRefused(KeyRing.read(K2), sealed, BINDING)
                .withMessage("it is sealed with the key 'k1', and secrets.keys has here k2");
        assertRefused(KeyRing.EMPTY, sealed, BINDING)
                .withMessage("it is sealed with the key 'k1', and secrets.keys has here none");
    }

    @Test
    void anotherKeyOfTheSameNameOpensNothing() {
        assertRefused(KeyRing.read(key("k1", 3)), RING.seal("hunter2", BINDING), BINDING)
                .withMessageContaining("another key of that name");
    }

    @Test
    void theFirstKeySealsAndAllOfThemOpen() throws SecretUnavailable {
        var before = RING.seal("hunter2", BINDING);
        var both = KeyRing.read(K2 + "," + K1);

        var after = both.seal("hunter2", BINDING);

        assertThat(both.primary()).contains("k2");
        assertThat(both.ids()).containsExactly("k2", "k1");
        assertThat(after.keyId()).isEqualTo("k2");
        assertThat(open(both, before)).isEqualTo("hunter2");
        assertThat(open(both, after)).isEqualTo("hunter2");
        assertThat(open(KeyRing.read(K1 + "," + K2), after)).isEqualTo("hunter2");
    }

    @Test
    void nothingIsSealedTheSameTwice() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 100; i++) {
            var sealed = RING.seal("hunter2", BINDING);
            assertThat(seen.add(sealed.iv())).isTrue();
            assertThat(seen.add(sealed.ciphertext())).isTrue();
        }
    }

    @Test
    void howLongAPasswordIsDoesNotShow() {
        var lengths =
                IntStream.rangeClosed(1, 126)
                        .mapToObj(n -> RING.seal("x".repeat(n), BINDING).ciphertextBytes().length)
                        .distinct();

        assertThat(lengths).containsExactly(64 + KeyRing.TAG_BYTES, 128 + KeyRing.TAG_BYTES);
    }

    /// By somebody with the key, but not by us.
    @ParameterizedTest
    @ValueSource(strings = {"", "0", "00", "0000", "ffff", "0003" + "7070", "7fff70"})
    void whatIsNotPaddedAsWeDoIsRefused(String hex) throws GeneralSecurityException {
        var key = new SecretKeySpec(Base64.getDecoder().decode(K1.substring(3)), "AES");
        var iv = new byte[KeyRing.IV_BYTES];
        var content = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");

        var sealed = KeyRing.crypt(Cipher.ENCRYPT_MODE, key, iv, BINDING.associatedData(), content);

        assertRefused(
                RING,
                new Sealed("default", "k1", Sealed.base64(iv), Sealed.base64(sealed)),
                BINDING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2\0", "\0"})
    void whatCanBeNoPasswordIsNotSealed(String password) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RING.seal(password, BINDING))
                .withMessage("a password is 1 to 1000 bytes without NUL");
        assertThatIllegalArgumentException().isThrownBy(() -> RING.seal("ü".repeat(501), BINDING));
    }

    @Test
    void whoHasNoKeySealsNothing() {
        assertThatIllegalStateException().isThrownBy(() -> KeyRing.EMPTY.seal("p", BINDING));
        assertThat(KeyRing.EMPTY.primary()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void nothingIsARingWithoutKeys(String written) {
        assertThat(KeyRing.read(written)).isSameAs(KeyRing.EMPTY);
    }

    @Test
    void aRingMayBeInAFile(@TempDir Path folder) throws IOException {
        var file = folder.resolve("keys");
        Files.writeString(file, K2 + ",\n" + K1 + "\n");

        assertThat(KeyRing.read("file:" + file)).isEqualTo(KeyRing.read(K2 + "," + K1));
    }

    @Test
    void aFileThatCantBeReadIsNamed(@TempDir Path folder) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.read("file:" + folder.resolve("nowhere")))
                .withMessageEndingWith("nowhere can't be read: NoSuchFileException");
    }

    static Stream<String> malformedRings() {
        var hunter2 =
                Base64.getEncoder().encodeToString("hunter2".getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                "hunter2",
                "k1=hunter2",
                "k1:",
                "k1:hunter2",
                "k1:" + hunter2,
                "k 1:" + hunter2,
                ":" + K1.substring(3),
                "file:" + K1.substring(3),
                "x".repeat(33) + K1.substring(2),
                "k1" + K1.substring(2, 40),
                K1 + "A",
                "," + K1,
                K1 + ",",
                K1 + "," + K1,
                K1 + "," + key("k1", 2),
                K1 + "," + key("k2", 1),
                K1 + ",k2:hunter2");
    }

    @ParameterizedTest
    @MethodSource("malformedRings")
    void whatIsNoRingIsRefusedAndNotRepeated(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.read(written))
                .withMessageNotContainingAny(
                        "hunter2", "aHVudGVyMg", K1.substring(3, 30), K2.substring(3, 30));
    }

    @Test
    void aRingShowsTheKeysNamesOnly() {
        assertThat(KeyRing.read(K2 + "," + K1)).hasToString("KeyRing[k2, k1]");
    }

    @Test
    void aNewKeyIsWrittenAsARingTakesIt() throws SecretUnavailable {
        var one = KeyRing.generate("k_1-a");
        var ring = KeyRing.read(one + "," + KeyRing.generate("k2"));

        assertThat(ring.ids()).containsExactly("k_1-a", "k2");
        assertThat(open(ring, ring.seal("p", BINDING))).isEqualTo("p");
        assertThat(KeyRing.generate("k_1-a")).isNotEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "a:b", "file"})
    void whatCanBeNoIdGetsNoKey(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.generate(id));
    }
}
