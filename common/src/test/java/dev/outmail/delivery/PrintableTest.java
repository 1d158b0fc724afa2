package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @Test
    void ordinaryTextOfAnyScriptStaysAsItIs() {
        String text = "550 Ünbekannt 漢字 العربية 👩‍💻 \\ <script> ${jndi:x}";

        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0000", "0007", "001b", "007f", "0085", "009b", "00ad", "061c", "200b", "200e", "2028",
        "2029", "202e", "2066", "2069", "feff", "d800", "dfff"
    })
    void whatMovesBreaksTurnsOrHidesBecomesAVisibleEscape(String hex) {
        char dangerous = (char) Integer.parseInt(hex, 16);

        assertThat(Printable.of("a" + dangerous + "b")).isEqualTo("a\\u" + hex + "b");
    }

    @Test
    void lineEndsAndTabsAreEscapedTheUsualWay() {
        assertThat(Printable.of("a\r\nb\tc")).isEqualTo("a\\r\\nb\\tc");
    }

    @Test
    void tagCharactersBeyondTheBasicPlaneAreEscaped() {
        assertThat(Printable.of(Character.toString(0xe0041))).isEqualTo("\\ue0041");
    }

    @Test
    void aTextOfTheLongestLengthIsKeptWhole() {
        String text = "x".repeat(Printable.MAX_LENGTH);

        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2049", "2050", "100000"})
    void aLongerTextEndsWithAnEllipsis(int length) {
        String printable = Printable.of("x".repeat(length));

        assertThat(printable).hasSize(Printable.MAX_LENGTH).endsWith("x…");
    }

    @Test
    void theCutLeavesNoHalfCharacterAndNoHalfEscape() {
        for (int before = 2_041; before < 2_050; before++) {
            String emoji = Printable.of("x".repeat(before) + "👩👩👩👩");
            String escapes = Printable.of("x".repeat(before) + "\u0007\u0007\u0007");

            assertThat(emoji).hasSizeLessThanOrEqualTo(Printable.MAX_LENGTH).endsWith("…");
            assertThat(emoji.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff)).isTrue();
            assertThat(escapes).matches("x+(\\\\u0007)*…").hasSizeLessThanOrEqualTo(2_048);
        }
    }
}
