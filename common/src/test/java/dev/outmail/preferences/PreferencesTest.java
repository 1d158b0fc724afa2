package dev.outmail.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Timing;
import org.junit.jupiter.api.Test;

class PreferencesTest {
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.org");

    private final Preferences preferences = Preferences.none();

    @Test
    void whoChoseNothingHasNoTiming() {
        preferences.put(PreferenceCodec.key(BOB), Timing.INSTANTLY);

        assertThat(preferences.timing(ADA)).isEmpty();
        assertThat(preferences.size()).isOne();
    }

    @Test
    void theLastChoiceCounts() {
        preferences.put(PreferenceCodec.key(ADA), Timing.INSTANTLY);
        preferences.put(PreferenceCodec.key(ADA), Timing.IN_BACKGROUND);

        assertThat(preferences.timing(ADA)).contains(Timing.IN_BACKGROUND);
        assertThat(preferences.size()).isOne();
    }

    @Test
    void whatIsTakenBackIsGone() {
        preferences.put(PreferenceCodec.key(ADA), Timing.INSTANTLY);
        preferences.put(PreferenceCodec.key(BOB), Timing.IN_BACKGROUND);

        preferences.clear(PreferenceCodec.key(ADA));
        preferences.clear(PreferenceCodec.key(ADA));

        assertThat(preferences.timing(ADA)).isEmpty();
        assertThat(preferences.timing(BOB)).contains(Timing.IN_BACKGROUND);
        assertThat(preferences.size()).isOne();
    }

    @Test
    void capitalsOfTheDomainMakeNoDifferenceAndThoseBeforeTheAtDo() {
        preferences.put(PreferenceCodec.key(ADA), Timing.INSTANTLY);

        assertThat(preferences.timing(EmailAddress.parse("ada@EXAMPLE.Org")))
                .contains(Timing.INSTANTLY);
        assertThat(preferences.timing(EmailAddress.parse("Ada@example.org"))).isEmpty();
    }

    @Test
    void manyAreKeptApart() {
        for (int number = 0; number < 100_000; number++) {
            preferences.put(PreferenceCodec.key(address(number)), timing(number));
        }

        assertThat(preferences.size()).isEqualTo(100_000);
        for (int number = 0; number < 100_000; number++) {
            assertThat(preferences.timing(address(number))).contains(timing(number));
        }
        assertThat(preferences.timing(address(100_000))).isEmpty();
    }

    private static EmailAddress address(int number) {
        return new EmailAddress("user-" + number, "example.org");
    }

    private static Timing timing(int number) {
        return number % 3 == 0 ? Timing.INSTANTLY : Timing.IN_BACKGROUND;
    }
}
