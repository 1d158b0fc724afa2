package dev.outmail.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterPositionTest {
    @ParameterizedTest
    @ValueSource(strings = {"3@17", "outmail.dead-letters-3@17", "-3@17"})
    void aPlaceIsReadWithOrWithoutItsTopic(String written) {
        assertThat(LetterPosition.parse(written)).contains(new LetterPosition(3, 17));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "@",
                "3@",
                "@17",
                "3@x",
                "a@b.example",
                "3@1234567890123456789",
                "topic3@17"
            })
    void whatIsNoPlaceIsNone(String written) {
        assertThat(LetterPosition.parse(written)).isEmpty();
    }

    @Test
    void aPlaceIsWrittenAsItIsRead() {
        var place = new LetterPosition(0, 999_999_999_999_999_999L);

        assertThat(LetterPosition.parse(place.toString())).contains(place);
    }

    @Test
    void noPlaceIsBeforeTheFirst() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LetterPosition(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LetterPosition(0, -1));
    }
}
