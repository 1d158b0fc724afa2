package dev.outmail.preferences;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainAddressTest {
    private static final String SIGNS = "ab1.-_@";

    static LongStream seeds() {
        return new Random().longs(5);
    }

    /// Of short strings of a few characters, thousands are plain.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsPlainIsAnAddressAsOutmailWritesIt(long seed) {
        var random = new Random(seed);
        int plain = 0;
        for (int i = 0; i < 200_000; i++) {
            var text = text(random, random.nextInt(3, 9));
            if (PlainAddress.is(text.getBytes(UTF_8))) {
                assertThat(EmailAddress.parse(text)).hasToString(text);
                plain++;
            }
        }
        assertThat(plain).isGreaterThan(1_000);
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b", "first.last_name-1@mail-2.example.co.uk", "1@2.c"})
    void mostAddressesArePlain(String address) {
        assertThat(PlainAddress.is(address.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "@", "a@", "@b", "a@b@c", "a..b@c", ".a@b", "a@b.", "a@-b", "a@1.2", "a@b_c"
            })
    void whatIsNoAddressIsNotPlain(String text) {
        assertThat(PlainAddress.is(text.getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void lengthsAreHeeded(int length) {
        var localPart = "a".repeat(length) + "@b.c";
        var domain = "a@" + "b".repeat(length - 1);

        assertThat(PlainAddress.is(localPart.getBytes(UTF_8))).isEqualTo(length == 64);
        assertThat(PlainAddress.is(domain.getBytes(UTF_8))).isEqualTo(length == 64);
    }
}
