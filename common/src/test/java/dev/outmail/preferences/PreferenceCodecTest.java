package dev.outmail.preferences;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.preferences.PreferenceCodec.Decoded;
import dev.outmail.settings.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceCodecTest {
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final byte[] KEY = PreferenceCodec.key(ADA);
    private static final byte[] INSTANTLY = "{\"timing\":\"instantly\"}".getBytes(UTF_8);

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(Timing timing) {
        assertThat(PreferenceCodec.decode(KEY, PreferenceCodec.value(timing)))
                .isEqualTo(new Decoded.Chosen(timing));
    }

    @Test
    void recordsAreAsOtherLanguagesWriteThem() {
        assertThat(KEY).isEqualTo("ada@example.org".getBytes(UTF_8));
        assertThat(PreferenceCodec.value(Timing.INSTANTLY)).isEqualTo(INSTANTLY);
        assertThat(PreferenceCodec.value(Timing.IN_BACKGROUND))
                .isEqualTo("{\"timing\":\"in-background\"}".getBytes(UTF_8));
    }

    @Test
    void spaceMakesNoDifference() {
        assertThat(decode("ada@example.org", " { \"timing\" : \"in-background\" }\n"))
                .isEqualTo(new Decoded.Chosen(Timing.IN_BACKGROUND));
    }

    @Test
    void noValueMeansThatNothingIsChosen() {
        assertThat(PreferenceCodec.decode(KEY, null)).isEqualTo(new Decoded.Cleared());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "instantly",
                "\"instantly\"",
                "[\"instantly\"]",
                "{}",
                "{\"timing\":null}",
                "{\"timing\":1}",
                "{\"timing\":\"INSTANTLY\"}",
                "{\"timing\":\"later\"}",
                "{\"timing\":\"instantly\",\"digest\":true}",
                "{\"timing\":\"instantly\",\"timing\":\"instantly\"}",
                "{\"timing\":\"instantly\"}{}",
                "{\"timing\":\"instantly\"",
                "{\"timing\":1e9999999999}"
            })
    void anyOtherValueIsMalformed(String value) {
        assertThat(decode("ada@example.org", value)).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void aLargeValueIsMalformed() {
        assertThat(decode("ada@example.org", "{\"timing\":\"instantly\"}" + " ".repeat(2_000)))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "ada@EXAMPLE.org",
                " ada@example.org",
                "Ada <ada@example.org>",
                "\"ada\"@example.org",
                "ada@bücher.example",
                "ada@example.org\u0000"
            })
    void aKeyThatIsNotAnAddressAsOutmailWritesItIsMalformed(String key) {
        var decoded = decode(key, "{\"timing\":\"instantly\"}");

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed -> assertThat(malformed.problem()).doesNotContain("ada"));
        assertThat(PreferenceCodec.decode(key.getBytes(UTF_8), null))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.org",
                "Ada@example.org",
                "ada+tasks@example.org",
                "\"a b\"@example.org",
                "ädä@example.org",
                "first.last_name-1@mail.example.co.uk",
                "a@xn--bcher-kva.example"
            })
    void anyAddressAsOutmailWritesItIsAKey(String key) {
        assertThat(decode(key, "{\"timing\":\"instantly\"}"))
                .isEqualTo(new Decoded.Chosen(Timing.INSTANTLY));
    }

    @Test
    void bytesThatAreNoUtf8AreNoAddress() {
        var key = new byte[] {'a', (byte) 0xff, '@', 'b'};

        assertThat(PreferenceCodec.decode(key, INSTANTLY)).isInstanceOf(Decoded.Malformed.class);
        assertThat(PreferenceCodec.decode(null, INSTANTLY)).isInstanceOf(Decoded.Malformed.class);
    }

    /// As two addresses are the same recipient of a mail, or two.
    @ParameterizedTest
    @CsvSource({
        "ada@EXAMPLE.org, ada@example.org",
        "ada@Bücher.example, ada@xn--bcher-kva.example",
        "Ada@example.org, Ada@example.org",
        "'\"ada\"@example.org', ada@example.org"
    })
    void theKeyIsTheAddressAsItGoesOnTheWire(String written, String key) {
        assertThat(PreferenceCodec.key(EmailAddress.parse(written))).isEqualTo(key.getBytes(UTF_8));
    }

    @Test
    void forPeopleItIsALine() {
        assertThat(PreferenceCodec.toJson(ADA, Timing.IN_BACKGROUND))
                .isEqualTo("{\"address\":\"ada@example.org\",\"timing\":\"in-background\"}");
        assertThat(PreferenceCodec.toJson(ADA, null))
                .isEqualTo("{\"address\":\"ada@example.org\",\"timing\":null}");
    }

    private static Decoded decode(String key, String value) {
        return PreferenceCodec.decode(key.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
