package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The vectors of project Wycheproof, by the call that seals and opens passwords.
class AesGcmVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String FILE = "wycheproof/aes_gcm_test.json";

    /// All but the number and the comment in hexadecimal.
    record Vector(
            int number,
            String comment,
            boolean valid,
            String key,
            String iv,
            String associatedData,
            String message,
            String sealed) {
        static Vector of(JsonNode test) {
            return new Vector(
                    test.path("tcId").asInt(),
                    test.path("comment").asString(),
                    test.path("result").asString().equals("valid"),
                    test.path("key").asString(),
                    test.path("iv").asString(),
                    test.path("aad").asString(),
                    test.path("msg").asString(),
                    test.path("ct").asString() + test.path("tag").asString());
        }

        String crypt(int mode, String input) throws GeneralSecurityException {
            byte[] output =
                    KeyRing.crypt(
                            mode,
                            new SecretKeySpec(HEX.parseHex(key), "AES"),
                            HEX.parseHex(iv),
                            HEX.parseHex(associatedData),
                            HEX.parseHex(input));
            return HEX.formatHex(output);
        }

        /// Whether it is as we seal: another key or IV is a case that can't come.
        boolean isOurs() {
            return key.length() == 2 * 32 && iv.length() == 2 * KeyRing.IV_BYTES;
        }

        @Override
        public String toString() {
            return number + " " + comment;
        }
    }

    static List<Vector> all() {
        try (var file = Objects.requireNonNull(AesGcmVectorsTest.class.getResourceAsStream(FILE))) {
            var vectors = new ArrayList<Vector>();
            for (var group :
                    Json.mapper(1 << 20).readTree(file.readAllBytes()).path("testGroups")) {
                assertThat(group.path("tagSize").asInt()).isEqualTo(KeyRing.TAG_BYTES * Byte.SIZE);
                group.path("tests").forEach(test -> vectors.add(Vector.of(test)));
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Vector> valid() {
        return all().stream().filter(Vector::valid).toList();
    }

    static List<Vector> invalid() {
        return all().stream().filter(vector -> !vector.valid()).toList();
    }

    @Test
    void thereAreAsManyAsThereShouldBe() {
        assertThat(all()).hasSize(316);
        assertThat(valid()).filteredOn(Vector::isOurs).hasSize(39);
        assertThat(invalid()).filteredOn(Vector::isOurs).hasSize(27);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void whatIsValidOpensAndIsSealedTheSame(Vector vector) throws Exception {
        assertThat(vector.crypt(Cipher.DECRYPT_MODE, vector.sealed())).isEqualTo(vector.message());
        assertThat(vector.crypt(Cipher.ENCRYPT_MODE, vector.message())).isEqualTo(vector.sealed());
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatIsInvalidIsRefused(Vector vector) {
        assertThatThrownBy(() -> vector.crypt(Cipher.DECRYPT_MODE, vector.sealed()))
                .isInstanceOf(GeneralSecurityException.class);
    }
}
