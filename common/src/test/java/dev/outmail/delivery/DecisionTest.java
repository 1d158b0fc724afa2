package dev.outmail.delivery;

import static dev.outmail.delivery.TestEvents.PROJECTS;
import static dev.outmail.delivery.TestEvents.SERVER;
import static dev.outmail.delivery.TestEvents.profile;
import static dev.outmail.delivery.TestEvents.snapshot;
import static dev.outmail.delivery.TestEvents.toAda;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Guards;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final Mailbox EVENTS_OWN = Mailbox.parse("Task 42 <task-42@example.com>");

    /// `own` and `profile's` stand for where a sender is, `forced` for a profile's that is.
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    connection, event, profile, decision
                    disabled,   -,     -,       drop
                    disabled,   -,     sender,  drop
                    disabled,   -,     forced,  drop
                    disabled,   own,   -,       drop
                    disabled,   own,   sender,  drop
                    disabled,   own,   forced,  drop
                    silent,     -,     -,       hold
                    silent,     -,     sender,  silently from the profile's
                    silent,     -,     forced,  silently from the profile's
                    silent,     own,   -,       silently from the event's
                    silent,     own,   sender,  silently from the event's
                    silent,     own,   forced,  silently from the profile's
                    native,     -,     -,       hold
                    native,     -,     sender,  natively from the profile's
                    native,     -,     forced,  natively from the profile's
                    native,     own,   -,       natively from the event's
                    native,     own,   sender,  natively from the event's
                    native,     own,   forced,  natively from the profile's
                    smtp,       -,     -,       hold
                    smtp,       -,     sender,  by SMTP from the profile's
                    smtp,       -,     forced,  by SMTP from the profile's
                    smtp,       own,   -,       by SMTP from the event's
                    smtp,       own,   sender,  by SMTP from the event's
                    smtp,       own,   forced,  by SMTP from the profile's
                    """,
            useHeadersInDisplayName = true,
            quoteCharacter = '"')
    void connectionAndSenderDecide(
            String connection, String event, String profile, String decision) {
        var mail = event.equals("own") ? toAda().from(EVENTS_OWN.toString()) : toAda();
        var settings =
                Settings.INITIAL.withConnection(connection(connection)).withSender(sender(profile));

        var decided = Decision.decide(mail.build(), snapshot(settings), NOW);

        assertThat(shown(decided)).isEqualTo(decision);
    }

    /// To ada@example.org and, in copy, bob@example.net.
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    connection, onlyTo,                   redirectTo,         decision
                    disabled,   -,                        tester@example.com, drop disabled
                    disabled,   example.edu,              -,                  drop disabled
                    silent,     -,                        -,                  to ada bob
                    silent,     example.edu,              -,                  drop not-allowed
                    silent,     example.org,              -,                  to ada without bob
                    silent,     bob@example.net,          -,                  to bob without ada
                    smtp,       example.org example.net,  -,                  to ada bob
                    smtp,       .example.org,             -,                  drop not-allowed
                    smtp,       -,                        tester@example.com, to tester for ada bob
                    smtp,       example.org,              tester@example.com, to tester for ada without bob
                    smtp,       example.com,              tester@example.com, drop not-allowed
                    native,     ada@example.org,          bob@example.net,    to bob for ada without bob
                    """,
            useHeadersInDisplayName = true)
    void guardsDecideToWhom(String connection, String onlyTo, String redirectTo, String decision) {
        var guards = Guards.NONE;
        if (!onlyTo.equals("-")) {
            guards = guards.withOnlyTo(AllowList.of(List.of(onlyTo.split(" "))));
        }
        if (!redirectTo.equals("-")) {
            guards = guards.withRedirectTo(EmailAddress.parse(redirectTo));
        }
        var settings =
                Settings.INITIAL
                        .withConnection(connection(connection))
                        .withSender(PROJECTS)
                        .withGuards(guards);

        var decided =
                Decision.decide(toAda().cc("bob@example.net").build(), snapshot(settings), NOW);

        assertThat(toWhom(decided)).isEqualTo(decision);
    }

    @Test
    void whoHasItsVerdictIsNotDecidedUponAnew() {
        var settings =
                Settings.INITIAL
                        .withSender(PROJECTS)
                        .withGuards(Guards.NONE.withOnlyTo(AllowList.of(List.of("example.org"))));
        var event = toAda().cc("bob@example.net").build();
        var bob = List.of(EmailAddress.parse("bob@example.net"));

        var decided = Decision.decide(event, bob, snapshot(settings), NOW);

        assertThat(toWhom(decided)).isEqualTo("drop not-allowed");
    }

    private static String toWhom(Decision decision) {
        return switch (decision) {
            case Decision.Drop drop -> "drop " + drop.reason().wireName();
            case Decision.Send send -> {
                var route = send.route();
                yield "to "
                        + names(route.envelope())
                        + (route.redirectTo() == null ? "" : " for " + names(route.served()))
                        + (route.keptBack().isEmpty() ? "" : " without " + names(route.keptBack()));
            }
            default -> decision.toString();
        };
    }

    private static String names(List<EmailAddress> addresses) {
        return addresses.stream().map(EmailAddress::localPart).collect(Collectors.joining(" "));
    }

    /// Minutes after now; whatever the settings are, time comes first.
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    sendAt, expiresAt, decision
                    ,       ,          now
                    -1,     ,          now
                    0,      ,          now
                    1,      ,          wait
                    ,       -1,        expire
                    ,       0,         expire
                    ,       1,         now
                    -2,     -1,        expire
                    -1,     0,         expire
                    -1,     1,         now
                    0,      1,         now
                    1,      2,         wait
                    """,
            useHeadersInDisplayName = true)
    void timeDecidesBeforeTheSettings(
            @Nullable Integer sendAt, @Nullable Integer expiresAt, String decision) {
        var mail = toAda();
        if (sendAt != null) {
            mail.sendAt(inMinutes(sendAt));
        }
        if (expiresAt != null) {
            mail.expiresAt(inMinutes(expiresAt));
        }
        var event = mail.build();

        var decided =
                Stream.of("disabled", "silent", "native", "smtp")
                        .map(DecisionTest::connection)
                        .map(TestEvents::by)
                        .map(settings -> Decision.decide(event, settings, NOW));
        var withoutSettings = Decision.decide(event, SettingsSnapshot.EMPTY, NOW);

        switch (decision) {
            case "wait" -> {
                var wait = new Decision.Wait(inMinutes(sendAt));
                assertThat(decided).containsOnly(wait);
                assertThat(withoutSettings).isEqualTo(wait);
            }
            case "expire" -> {
                var expire = new Decision.Expire(inMinutes(expiresAt));
                assertThat(decided).containsOnly(expire);
                assertThat(withoutSettings).isEqualTo(expire);
            }
            default -> {
                assertThat(decided)
                        .allMatch(d -> d instanceof Decision.Send || d instanceof Decision.Drop);
                assertThat(withoutSettings).isInstanceOf(Decision.Hold.class);
            }
        }
    }

    @Test
    void withoutAnySettingsNothingIsSentOnDefaults() {
        var decided = Decision.decide(toAda().build(), SettingsSnapshot.EMPTY, NOW);

        assertThat(decided)
                .isEqualTo(
                        new Decision.Hold(
                                Reason.NO_SETTINGS,
                                "no settings were read yet; save some with: outmail settings set"));
    }

    @Test
    void aProfileThatNobodySavedHoldsItsMailAndIsNamed() {
        var event = toAda().profile("newsletter").build();

        var decided = Decision.decide(event, TestEvents.by(SERVER), NOW);

        assertThat(decided)
                .isInstanceOfSatisfying(
                        Decision.Hold.class,
                        hold -> {
                            assertThat(hold.reason()).isEqualTo(Reason.UNKNOWN_PROFILE);
                            assertThat(hold.detail()).contains("'newsletter'");
                        });
    }

    @Test
    void aProfileWhoseSettingsCanNotBeUsedHoldsItsMailAndSaysWhy() {
        var unusable =
                new SettingsSnapshot(Map.of(), Map.of("default", "connection.host: is missing"));

        var decided = Decision.decide(toAda().build(), unusable, NOW);

        assertThat(decided)
                .isInstanceOfSatisfying(
                        Decision.Hold.class,
                        hold -> {
                            assertThat(hold.reason()).isEqualTo(Reason.INVALID_LOCK);
                            assertThat(hold.detail())
                                    .contains("'default'", "lock.*", "connection.host: is missing");
                        });
    }

    @Test
    void aProfileIsDecidedByItsOwnSettings() {
        var newsletter =
                profile("newsletter", Settings.INITIAL.withConnection(new Connection.Disabled()));
        var settings =
                new SettingsSnapshot(
                        Map.of(
                                "newsletter",
                                newsletter,
                                "default",
                                profile(
                                        "default",
                                        Settings.INITIAL
                                                .withConnection(SERVER)
                                                .withSender(PROJECTS))));

        var decided = Decision.decide(toAda().profile("newsletter").build(), settings, NOW);

        assertThat(decided).isEqualTo(new Decision.Drop(newsletter, Reason.DISABLED));
    }

    private static Connection connection(String mode) {
        return switch (mode) {
            case "disabled" -> new Connection.Disabled();
            case "silent" -> new Connection.Silent();
            case "native" -> new Connection.NativeMailer();
            case "smtp" -> SERVER;
            default -> throw new IllegalArgumentException(mode);
        };
    }

    private static @Nullable Sender sender(String profile) {
        return switch (profile) {
            case "-" -> null;
            case "sender" -> PROJECTS;
            case "forced" -> new Sender(PROJECTS.address(), PROJECTS.name(), true);
            default -> throw new IllegalArgumentException(profile);
        };
    }

    private static String shown(Decision decision) {
        return switch (decision) {
            case Decision.Drop drop -> {
                assertThat(drop.reason()).isEqualTo(Reason.DISABLED);
                yield "drop";
            }
            case Decision.Hold hold -> {
                assertThat(hold.reason()).isEqualTo(Reason.NO_SENDER);
                yield "hold";
            }
            case Decision.Send send -> shown(send.means()) + " from " + shown(send.from());
            case Decision.Wait wait -> wait.toString();
            case Decision.Expire expire -> expire.toString();
        };
    }

    private static String shown(Decision.Means means) {
        return switch (means) {
            case Decision.Means.Silently silently -> "silently";
            case Decision.Means.ByNativeMailer mailer -> "natively";
            case Decision.Means.BySmtp by -> {
                assertThat(by.server()).isEqualTo(SERVER);
                yield "by SMTP";
            }
        };
    }

    private static String shown(Mailbox from) {
        if (from.equals(EVENTS_OWN)) {
            return "the event's";
        }
        assertThat(from).isEqualTo(PROJECTS.mailbox());
        return "the profile's";
    }

    private static Instant inMinutes(@Nullable Integer minutes) {
        return NOW.plusSeconds(60L * (minutes == null ? 0 : minutes));
    }
}
