package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettingsInUseTest {
    private final SettingsInUse inUse = new SettingsInUse();
    private final AtomicInteger changes = new AtomicInteger();

    @BeforeEach
    void listen() {
        inUse.onChange(changes::incrementAndGet);
    }

    private static ProfileSettings revision(String profile, long revision) {
        return new ProfileSettings(profile, revision, Settings.INITIAL);
    }

    private static SettingsSnapshot snapshot(ProfileSettings... profiles) {
        var all = new java.util.HashMap<String, ProfileSettings>();
        for (var profile : profiles) {
            all.put(profile.profile(), profile);
        }
        return new SettingsSnapshot(all);
    }

    private SettingsInUse.Use begun(ProfileSettings by) {
        return Objects.requireNonNull(inUse.begin(by));
    }

    @Test
    void nothingIsAppliedBeforeSettingsAreTold() {
        assertThat(inUse.applied()).isEmpty();
    }

    @Test
    void settingsAreAppliedAtOnceWhereNothingIsUnderWay() {
        inUse.settingsChanged(snapshot(revision("a", 3), revision("b", 7)));

        assertThat(inUse.applied()).isEqualTo(Map.of("a", 3L, "b", 7L));
        assertThat(changes).hasValue(1);
    }

    @Test
    void anAttemptByEarlierSettingsHoldsItsProfileBackUntilItEnds() {
        inUse.settingsChanged(snapshot(revision("a", 3), revision("b", 7)));
        var first = begun(revision("a", 3));
        var second = begun(revision("a", 3));
        inUse.settingsChanged(snapshot(revision("a", 5), revision("b", 8)));

        assertThat(inUse.applied()).isEqualTo(Map.of("a", 3L, "b", 8L));
        first.close();
        assertThat(inUse.applied()).containsEntry("a", 3L);
        assertThat(changes).hasValue(2);
        second.close();
        assertThat(inUse.applied()).containsEntry("a", 5L);
        assertThat(changes).hasValue(3);
    }

    @Test
    void nobodyBeginsByEarlierSettings() {
        inUse.settingsChanged(snapshot(revision("a", 5)));

        assertThat(inUse.begin(revision("a", 4))).isNull();
        assertThat(inUse.begin(revision("removed", 1))).isNull();
        assertThat(inUse.applied()).isEqualTo(Map.of("a", 5L));
    }

    @Test
    void whoHasReadNewerSettingsThanWereToldGoesOnByThem() {
        inUse.settingsChanged(snapshot(revision("a", 5)));
        var newer = begun(revision("a", 6));
        inUse.settingsChanged(snapshot(revision("a", 6)));

        assertThat(inUse.applied()).isEqualTo(Map.of("a", 6L));
        newer.close();
        assertThat(inUse.applied()).isEqualTo(Map.of("a", 6L));
    }

    @Test
    void aRemovedProfileIsAppliedAsLongAsAMessageIsUnderWayByIt() {
        inUse.settingsChanged(snapshot(revision("a", 5)));
        var last = begun(revision("a", 5));
        inUse.settingsChanged(SettingsSnapshot.EMPTY);

        assertThat(inUse.applied()).isEqualTo(Map.of("a", 5L));
        last.close();
        assertThat(inUse.applied()).isEmpty();
    }

    @Test
    void endsOfAttemptsByTheSettingsOfTheMomentAreNoNews() {
        inUse.settingsChanged(snapshot(revision("a", 5)));

        begun(revision("a", 5)).close();

        assertThat(changes).hasValue(1);
    }
}
