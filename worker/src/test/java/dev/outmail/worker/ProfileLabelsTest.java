package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProfileLabelsTest {
    private final List<String> begun = new ArrayList<>();
    private SettingsSnapshot settings = SettingsSnapshot.EMPTY;
    private final ProfileLabels labels = new ProfileLabels(() -> settings, begun::add);

    @Test
    void whatPublishersMakeUpIsNoLabel() {
        settings = settings(Stream.of("billing"));

        assertThat(labels.of("billing")).isEqualTo("billing");
        assertThat(labels.of("bililng")).isEqualTo("(other)");
        assertThat(labels.of(null)).isEqualTo("(none)");
        assertThat(labels.of("billing")).isEqualTo("billing");
        assertThat(begun).containsExactly("billing");
    }

    @Test
    void thereAreNoMoreThanAHundredHoweverManyProfilesComeAndGo() {
        settings = settings(names(0, 90));
        assertThat(labels.all()).hasSize(90);
        settings = settings(names(80, 300));

        assertThat(labels.all()).hasSize(20);
        assertThat(names(0, 300).map(labels::of).distinct()).hasSize(ProfileLabels.MOST + 1);
        assertThat(begun).hasSize(ProfileLabels.MOST).doesNotContain("(other)");
    }

    private static Stream<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj("p-%03d"::formatted);
    }

    private static SettingsSnapshot settings(Stream<String> names) {
        return new SettingsSnapshot(
                names.collect(
                        Collectors.toMap(
                                name -> name,
                                name -> new ProfileSettings(name, 1, Settings.INITIAL))));
    }
}
