package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocksTest {
    private static final Connection.SmtpServer SERVER =
            new Connection.SmtpServer(
                    "smtp.example.com",
                    587,
                    Security.STARTTLS,
                    new Login("app", SecretReference.parse("env:APP")),
                    10,
                    2.5);
    private static final Sender SENDER =
            new Sender(
                    EmailAddress.parse("app@example.com"),
                    "App",
                    true,
                    EmailAddress.parse("in@example.com"));

    /// There is no field that is not there.
    private static final Settings WHOLE =
            Settings.INITIAL
                    .withConnection(SERVER)
                    .withSender(SENDER)
                    .withGuards(
                            new Guards(
                                    AllowList.of(List.of("example.com")),
                                    EmailAddress.parse("tester@example.com")));

    private static Locks locks(String... keysAndValues) {
        var written = new HashMap<String, String>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            written.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Locks.read(
                written,
                problem -> {
                    throw new AssertionError(problem);
                });
    }

    private static List<String> problems(String key, String value) {
        var problems = new ArrayList<String>();
        var _ = Locks.read(Map.of(key, value), problems::add);
        return problems;
    }

    private static ProfileSettings profile(String name, Settings settings) {
        return new ProfileSettings(name, 17, settings);
    }

    private static Settings locked(Settings settings, String... keysAndValues) {
        var locked = locks(keysAndValues).locked(profile("default", settings));
        return assertThat(locked)
                .asInstanceOf(InstanceOfAssertFactories.type(Locks.Locked.Ok.class))
                .actual()
                .settings()
                .settings();
    }

    @Test
    void everyFieldOfTheTopicCanBeLocked() {
        assertThat(SettingsDiff.between(null, WHOLE))
                .extracting(FieldChange::field)
                .containsExactlyInAnyOrderElementsOf(LockableField.names());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    connection.host              | mx.example.org            | mx.example.org
                    connection.port              | 25                        | 25
                    connection.security          | tls                       | tls
                    connection.username          | other                     | other
                    connection.maxConnections    | 3                         | 3
                    connection.messagesPerSecond | 0.5                       | 0.5
                    connection.messagesPerSecond | 7                         | 7.0
                    connection.messagesPerSecond | none                      |
                    timing                       | instantly                 | instantly
                    usersMayChoose               | true                      | true
                    sender.address               | new@example.org           | new@example.org
                    sender.name                  | none                      | none
                    sender.name                  | ''                        |
                    sender.force                 | false                     | false
                    sender.incomingAddress       | new@example.org           | new@example.org
                    sender.incomingAddress       | none                      |
                    retry.giveUpAfter            | PT36H                     | PT36H
                    onlyTo                       | A@example.org, .example.net | ["a@example.org",".example.net"]
                    onlyTo                       | none                      |
                    redirectTo                   | other@example.org         | other@example.org
                    redirectTo                   | none                      |
                    """)
    void aFieldHasTheLocksValueAndTheOthersStay(String field, String value, String then) {
        var changes = SettingsDiff.between(WHOLE, locked(WHOLE, "default." + field, value));

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.field()).isEqualTo(field))
                .satisfies(change -> assertThat(change.after()).isEqualTo(then));
    }

    @Test
    void aPasswordsReferenceIsLockedAndNeverShown() {
        var locks = locks("default.connection.password", "file:/run/secret");

        assertThat(locked(WHOLE, "*.connection.password", "env:OTHER").connection())
                .isInstanceOfSatisfying(
                        Connection.SmtpServer.class,
                        server ->
                                assertThat(server.login())
                                        .isEqualTo(
                                                new Login(
                                                        "app",
                                                        SecretReference.parse("env:OTHER"))));
        assertThat(locks.all()).containsOnly(Map.entry("default/connection.password", "***"));
        assertThat(locks.fields("default")).containsOnly(Map.entry("connection.password", "***"));
        assertThat(locks).asString().doesNotContain("/run/secret");
        assertThat(problems("*.connection.password", "hunter2"))
                .singleElement()
                .asString()
                .contains("lock.*.connection.password: ")
                .doesNotContain("hunter2");
    }

    @Test
    void aServerCanBePinnedWhole() {
        var locked =
                locked(
                        Settings.INITIAL,
                        "default.connection.mode",
                        "smtp",
                        "default.connection.host",
                        "mx.example.org",
                        "default.connection.port",
                        "25",
                        "default.connection.security",
                        "none");

        assertThat(locked)
                .isEqualTo(
                        Settings.INITIAL.withConnection(
                                new Connection.SmtpServer(
                                        "mx.example.org",
                                        25,
                                        Security.NONE,
                                        null,
                                        Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS,
                                        null)));
    }

    @Test
    void anotherModeLeavesNothingOfTheServer() {
        assertThat(locked(WHOLE, "*.connection.mode", "silent", "*.connection.host", "mx"))
                .isEqualTo(WHOLE.withConnection(new Connection.Silent()));
    }

    @Test
    void aProfilesOwnLockCountsMoreThanThatOfAll() {
        var locks =
                locks(
                        "*.timing", "instantly",
                        "*.retry.giveUpAfter", "P1D",
                        "news.letter.timing", "in-background");

        assertThat(locks.fields("news.letter"))
                .containsOnly(
                        Map.entry("timing", "in-background"),
                        Map.entry("retry.giveUpAfter", "P1D"));
        assertThat(locks.fields("default"))
                .containsOnly(
                        Map.entry("timing", "instantly"), Map.entry("retry.giveUpAfter", "P1D"));
        assertThat(locks.all())
                .containsOnlyKeys("*/timing", "*/retry.giveUpAfter", "news.letter/timing");
    }

    @Test
    void allProfilesAreSeenWithTheirLocksAndTheirRevisions() {
        var before =
                new SettingsSnapshot(
                        Map.of(
                                "default", profile("default", WHOLE),
                                "news", profile("news", Settings.INITIAL)));

        var after = locks("default.retry.giveUpAfter", "PT2H").applyTo(before);

        assertThat(after.profiles())
                .containsOnly(
                        Map.entry(
                                "default",
                                profile("default", WHOLE.withGiveUpAfter(Duration.ofHours(2)))),
                        Map.entry("news", profile("news", Settings.INITIAL)));
        assertThat(after.unusable()).isEmpty();
        assertThat(Locks.NONE.applyTo(before)).isEqualTo(before);
    }

    @Test
    void aProfileWhoseSettingsAreNoneWithItsLocksIsNotSentByTheOnesWithout() {
        var before =
                new SettingsSnapshot(
                        Map.of(
                                "default", profile("default", Settings.INITIAL),
                                "news", profile("news", WHOLE)));

        var after = locks("*.connection.mode", "smtp").applyTo(before);

        assertThat(after.profiles()).containsOnlyKeys("news");
        assertThat(after.unusable()).containsOnlyKeys("default");
        assertThat(after.unusable().get("default"))
                .contains("connection.host: is missing", "connection.port: is missing");
        assertThat(after.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    default.conection.mode   | silent    | unknown key lock.default.conection.mode; did you mean lock.default.connection.mode?
                    a.b.redirect             | a@b.org   | did you mean lock.a.b.redirectTo?
                    timing                   | instantly | did you mean lock.*.timing?
                    .timing                  | instantly | unknown key lock..timing; did you mean lock.*.timing?
                    a/b.timing               | instantly | unknown key lock.a/b.timing; did you mean lock.*.timing?
                    default.revision         | 7         | unknown key lock.default.revision. A lock is lock.PROFILE.FIELD
                    default.timing           | later     | lock.default.timing: 'later' is not one of
                    *.connection.mode        | fax       | lock.*.connection.mode: 'fax' is no connection
                    *.connection.port        | many      | lock.*.connection.port: must be a whole number
                    *.connection.port        | 70000     | lock.*.connection: the SMTP port must be 1 to 65535
                    *.usersMayChoose         | yes       | lock.*.usersMayChoose: must be true or false
                    *.retry.giveUpAfter      | P30D      | retry.giveUpAfter must be between PT1M and P7D
                    default.onlyTo           | @a.org    | lock.default.onlyTo: '@a.org' is neither an address
                    default.redirectTo       | example   | there is no '@'
                    default.sender.address   | ''        | lock.default.sender.address: is missing
                    """)
    void whatCanBeNoLockIsToldBeforeAnySettingsAreRead(String key, String value, String told) {
        assertThat(problems(key, value)).singleElement().asString().contains(told);
    }

    @Test
    void whatIsWrongWithTheLockOfAllIsToldOnce() {
        var problems = new ArrayList<String>();
        var _ =
                Locks.read(
                        Map.of("*.timing", "later", "default.retry.giveUpAfter", "P1D"),
                        problems::add);

        assertThat(problems).hasSize(1);
    }

    @Test
    void anEnvironmentHasNoCapitals() {
        assertThat(locks("default.connection.maxconnections", "3").all())
                .containsOnly(Map.entry("default/connection.maxConnections", "3"));
        assertThat(
                        locks(
                                        "default.redirectTo", "file@example.org",
                                        "default.redirectto", "environment@example.org")
                                .all())
                .containsOnly(Map.entry("default/redirectTo", "environment@example.org"));
    }

    @Test
    void locksAreTheSameIfTheySayTheSame() {
        assertThat(locks("*.timing", "instantly")).isEqualTo(locks("*.TIMING", " instantly "));
        assertThat(locks("*.timing", "instantly")).isNotEqualTo(Locks.NONE);
        assertThat(locks()).isEqualTo(Locks.NONE);
    }
}
