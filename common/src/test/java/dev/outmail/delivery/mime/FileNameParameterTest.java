package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileNameParameterTest {
    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("plan.pdf", " filename=\"plan.pdf\""),
                Arguments.of("Bob's 50%; plan.pdf", " filename=\"Bob's 50%; plan.pdf\""),
                Arguments.of("a\"b\\c", " filename*=UTF-8''a%22b%5Cc"),
                Arguments.of("Überblick.pdf", " filename*=UTF-8''%C3%9Cberblick.pdf"),
                Arguments.of("=?UTF-8?Q?x?=", " filename*=UTF-8''%3D%3FUTF-8%3FQ%3Fx%3F%3D"),
                Arguments.of(
                        "x".repeat(100),
                        "\r\n filename*0*=UTF-8''"
                                + "x".repeat(52)
                                + ";\r\n filename*1*="
                                + "x".repeat(48)),
                Arguments.of(
                        "世界".repeat(4),
                        "\r\n filename*0*=UTF-8''"
                                + "%E4%B8%96%E7%95%8C".repeat(2)
                                + "%E4%B8%96;\r\n filename*1*=%E7%95%8C"
                                + "%E4%B8%96%E7%95%8C"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameIsWrittenAsPlainlyAsItCanBe(String name, String written) {
        var out = new MessageBytes(8);
        var header = new HeaderWriter(out);

        header.begin("Content-Disposition");
        header.token("attachment;");
        FileNameParameter.write(name, header);
        header.end();

        assertThat(new String(out.toByteArray(), StandardCharsets.US_ASCII))
                .isEqualTo("Content-Disposition: attachment;" + written + "\r\n");
    }
}
