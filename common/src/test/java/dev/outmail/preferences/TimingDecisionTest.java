package dev.outmail.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.Timing;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Of ada who chose to get her mail instantly, bob who chose the background, and eve who chose
/// nothing.
class TimingDecisionTest {
    private static final String ADA = "ada@example.org";
    private static final String BOB = "bob@example.org";
    private static final String EVE = "eve@example.org";

    private final Preferences preferences = Preferences.none();

    TimingDecisionTest() {
        preferences.put(PreferenceCodec.key(EmailAddress.parse(ADA)), Timing.INSTANTLY);
        preferences.put(PreferenceCodec.key(EmailAddress.parse(BOB)), Timing.IN_BACKGROUND);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    users may choose, profile,       recipient, decision
                    true,             instantly,     ada,       instantly
                    true,             instantly,     bob,       in-background
                    true,             instantly,     eve,       instantly
                    true,             in-background, ada,       instantly
                    true,             in-background, bob,       in-background
                    true,             in-background, eve,       in-background
                    false,            instantly,     ada,       instantly
                    false,            instantly,     bob,       instantly
                    false,            instantly,     eve,       instantly
                    false,            in-background, ada,       in-background
                    false,            in-background, bob,       in-background
                    false,            in-background, eve,       in-background
                    """,
            useHeadersInDisplayName = true)
    void aSingleRecipientsChoiceCountsWhereUsersMayChoose(
            boolean usersMayChoose, String profile, String recipient, String decision) {
        var settings = settings(usersMayChoose, profile);
        var event = mail().to(recipient + "@example.org").build();

        assertThat(decide(event, settings)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    to,       cc,  bcc, profile,       decision
                    bob,      ,    ,    instantly,     in-background
                    ,         bob, ,    instantly,     in-background
                    ,         ,    bob, instantly,     in-background
                    bob,      bob, bob, instantly,     in-background
                    bob,      eve, ,    instantly,     instantly
                    bob,      ,    eve, instantly,     instantly
                    ada,      bob, ,    in-background, in-background
                    ,         ada, ada, in-background, instantly
                    """,
            useHeadersInDisplayName = true)
    void ofSeveralRecipientsNobodysChoiceCounts(
            @Nullable String to,
            @Nullable String cc,
            @Nullable String bcc,
            String profile,
            String decision) {
        var event = mail();
        if (to != null) {
            event.to(to + "@example.org");
        }
        if (cc != null) {
            event.cc(cc + "@example.org");
        }
        if (bcc != null) {
            event.bcc(bcc + "@example.org");
        }

        assertThat(decide(event.build(), settings(true, profile))).isEqualTo(decision);
    }

    @Test
    void whatHasATimeOfItsOwnWaitsInTheBackground() {
        var event = mail().to(ADA).sendAt(Instant.parse("2026-01-15T12:00:00Z")).build();

        assertThat(decide(event, settings(true, "instantly"))).isEqualTo("in-background");
        assertThat(decide(event, settings(false, "instantly"))).isEqualTo("in-background");
    }

    @Test
    void theEventsProfileCounts() {
        var event = mail().to(ADA).profile("newsletter").build();

        assertThat(decide(event, settings(true, "instantly"))).isEqualTo("in-background");
        assertThat(decide(event, SettingsSnapshot.EMPTY)).isEqualTo("in-background");
    }

    @Test
    void itIsKnownWhoseChoiceCounts() {
        var settings = settings(true, "instantly");

        assertThat(TimingDecision.chooser(mail().to(EVE).build(), settings))
                .contains(EmailAddress.parse(EVE));
        assertThat(TimingDecision.chooser(mail().to(EVE).cc(ADA).build(), settings)).isEmpty();
        assertThat(TimingDecision.chooser(mail().to(EVE).build(), settings(false, "instantly")))
                .isEmpty();
    }

    private String decide(MailEvent event, SettingsSnapshot settings) {
        return TimingDecision.decide(event, settings, preferences).wireName();
    }

    private static SettingsSnapshot settings(boolean usersMayChoose, String timing) {
        var settings =
                Settings.INITIAL
                        .withUsersMayChoose(usersMayChoose)
                        .withTiming(Timing.of(timing).orElseThrow());
        return new SettingsSnapshot(
                Map.of(
                        MailEvent.DEFAULT_PROFILE,
                        new ProfileSettings(MailEvent.DEFAULT_PROFILE, 1, settings)));
    }

    private static MailEventBuilder mail() {
        return MailEvent.builder().id("1").subject("You have a new task").text("…");
    }
}
