package dev.outmail.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionCodecTest {
    private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");
    private static final ProfileSettings SETTINGS =
            new ProfileSettings("default", 3, Settings.INITIAL);
    private static final Authorship ADA = new Authorship("ada", "the provider moved");
    private static final List<FieldChange> CHANGES =
            List.of(
                    new FieldChange("connection.mode", "smtp", "silent"),
                    new FieldChange("sender.name", null, "App"));

    @Test
    void whatIsWrittenIsRead() {
        var value = RevisionCodec.encode(SETTINGS, ADA, CHANGES);

        assertThat(RevisionCodec.decode("default", value, NOON))
                .contains(new Revision(SETTINGS, ADA, NOON, CHANGES));
    }

    @Test
    void aRevisionReadsLikeThis() {
        assertThat(RevisionCodec.toJson(new Revision(SETTINGS, ADA, NOON, CHANGES)))
                .isEqualTo(
                        """
                        {"profile":"default","at":"2026-01-15T12:00:00Z","by":"ada",\
                        "why":"the provider moved","changes":[\
                        {"field":"connection.mode","before":"smtp","after":"silent"},\
                        {"field":"sender.name","before":null,"after":"App"}],\
                        "settings":{"revision":3,"connection":{"mode":"silent"},\
                        "timing":"in-background","usersMayChoose":false,\
                        "retry":{"giveUpAfter":"P5D"}}}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}", "{\"settings\":{\"revision\":0}}"})
    void whatIsNoRevisionIsPassedOver(String value) {
        assertThat(RevisionCodec.decode("default", value.getBytes(UTF_8), NOON)).isEmpty();
    }

    @Test
    void whoAndWhyAreOneLineEach() {
        var author = new Authorship(" ada\n", "a\r\nb\u001b[2J" + "c".repeat(2_000));

        assertThat(author.by()).isEqualTo("ada");
        assertThat(author.why()).startsWith("a  b [2Jc").hasSize(1_000);
    }
}
