package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.TransferEncoding.BASE64;
import static dev.outmail.delivery.mime.TransferEncoding.QUOTED_PRINTABLE;
import static dev.outmail.delivery.mime.TransferEncoding.SEVEN_BIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextBodyTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", SEVEN_BIT, ""),
                Arguments.of("a\nb\rc\r\nd", SEVEN_BIT, "a\r\nb\r\nc\r\nd\r\n"),
                Arguments.of("\r\r\n\n\r", SEVEN_BIT, "\r\n\r\n\r\n\r\n"),
                Arguments.of("1 + 1 = 2\tok\n", SEVEN_BIT, "1 + 1 = 2\tok\r\n"),
                Arguments.of("x".repeat(990), SEVEN_BIT, "x".repeat(990) + "\r\n"),
                Arguments.of(
                        "y".repeat(991),
                        QUOTED_PRINTABLE,
                        ("y".repeat(75) + "=\r\n").repeat(13) + "y".repeat(16) + "\r\n"),
                Arguments.of("-- \nAda", QUOTED_PRINTABLE, "--=20\r\nAda\r\n"),
                Arguments.of("a b \t\n", QUOTED_PRINTABLE, "a b =09\r\n"),
                Arguments.of("a\n.\n..b.\n", QUOTED_PRINTABLE, "a\r\n=2E\r\n=2E.b.\r\n"),
                Arguments.of("From x\nFromage", QUOTED_PRINTABLE, "=46rom x\r\nFromage\r\n"),
                Arguments.of("--=_mixed_a\n", QUOTED_PRINTABLE, "--=3D_mixed_a\r\n"),
                Arguments.of(
                        "Grüße von hier, a=b",
                        QUOTED_PRINTABLE,
                        "Gr=C3=BC=C3=9Fe von hier, a=3Db\r\n"),
                Arguments.of("a\0 in a text", QUOTED_PRINTABLE, "a=00 in a text\r\n"),
                Arguments.of(
                        "x".repeat(74) + "ü" + "x".repeat(72) + ".From me",
                        QUOTED_PRINTABLE,
                        "x".repeat(74) + "=\r\n=C3=BC" + "x".repeat(69) + "=\r\nxxx.From me\r\n"),
                Arguments.of(
                        "ü" + "x".repeat(69) + ".From " + "z".repeat(67) + "From me",
                        QUOTED_PRINTABLE,
                        "=C3=BC"
                                + "x".repeat(69)
                                + "=\r\n=2EFrom "
                                + "z".repeat(67)
                                + "=\r\n=46rom me\r\n"),
                Arguments.of("世界", BASE64, "5LiW55WMDQo=\r\n"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textTravelsAsPlainlyAsItSafelyCan(String text, TransferEncoding encoding, String written) {
        var body = TextBody.of(text);
        var out = new MessageBytes(8);

        body.write(out);

        assertThat(new String(out.toByteArray(), StandardCharsets.US_ASCII)).isEqualTo(written);
        assertThat(body.encoding()).isEqualTo(encoding);
    }
}
