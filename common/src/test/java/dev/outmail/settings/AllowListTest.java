package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.mail.EmailAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    entry,             recipient,                allowed
                    ada@example.org,   ada@example.org,          true
                    Ada@Example.ORG,   aDA@example.org,          true
                    ada@example.org,   bob@example.org,          false
                    ada@example.org,   ada@mail.example.org,     false
                    ada@example.org,   ada+x@example.org,        false
                    example.org,       ada@example.org,          true
                    EXAMPLE.org,       ada@example.org,          true
                    example.org,       ada@mail.example.org,     false
                    example.org,       ada@notexample.org,       false
                    example.org,       ada@example.org.evil.com, false
                    .example.org,      ada@mail.example.org,     true
                    .example.org,      ada@a.b.example.org,      true
                    .example.org,      ada@example.org,          false
                    .example.org,      ada@notexample.org,       false
                    org,               ada@example.org,          false
                    .org,              ada@example.org,          true
                    localhost,         root@localhost,           true
                    münchen.example,   ada@xn--mnchen-3ya.example, true
                    """,
            useHeadersInDisplayName = true)
    void anAddressIsItselfADomainItsOwnAndADotAllBelow(
            String entry, String recipient, boolean allowed) {
        var list = AllowList.of(List.of(entry));

        assertThat(list.allows(EmailAddress.parse(recipient))).isEqualTo(allowed);
    }

    @Test
    void oneEntryIsEnough() {
        var list = AllowList.of(List.of("ada@example.org", "example.com"));

        assertThat(list.allows(EmailAddress.parse("ada@example.org"))).isTrue();
        assertThat(list.allows(EmailAddress.parse("bob@example.com"))).isTrue();
        assertThat(list.allows(EmailAddress.parse("bob@example.org"))).isFalse();
    }

    @Test
    void entriesAreKeptOnceInTheirOrderAsTheWireHasThem() {
        var list =
                AllowList.of(List.of(" B@Example.org", "example.com ", "b@example.org", ".A.org"));

        assertThat(list.entries()).containsExactly("b@example.org", "example.com", ".a.org");
        assertThat(AllowList.of(list.entries())).isEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..org",
                "@example.org",
                "*@example.org",
                "*.example.org",
                "ada@",
                "Ada <ada@example.org>",
                "ada@example.org bob@example.org",
                "192.0.2.1",
                "[192.0.2.1]",
                "example.org.",
                "a_b.org",
                "exa mple.org",
                "a@b@c.org",
                "*"
            })
    void whatIsNeitherIsRefusedAndNamed(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowList.of(List.of("example.com", entry)))
                .withMessageContaining("'" + entry.strip() + "' is neither an address");
    }

    @Test
    void nobodyIsNoList() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowList.of(List.of()))
                .withMessageContaining("leave it out");
    }

    @Test
    void theLongestListFitsARecordOfTheTopic() {
        var longest =
                IntStream.range(0, AllowList.MAX_ENTRIES)
                        .mapToObj(i -> "%03d".formatted(i) + "a".repeat(61) + domain(i))
                        .toList();
        var guards = Guards.NONE.withOnlyTo(AllowList.of(longest));
        var settings = new ProfileSettings("p", 1, Settings.INITIAL.withGuards(guards));

        assertThat(SettingsCodec.decode("p", SettingsCodec.encode(settings)))
                .isEqualTo(new SettingsCodec.Decoded.Ok(settings));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        AllowList.of(
                                IntStream.rangeClosed(0, AllowList.MAX_ENTRIES)
                                        .mapToObj(i -> i + "@example.org")
                                        .toList()))
                .withMessageContaining("at most 200 addresses and domains, not 201");
    }

    /// With the 64 octets before it an address of 254.
    private static String domain(int i) {
        var label = "b".repeat(60);
        return "@%s.%s.%s.%02x%s".formatted(label, label, label, i, "c".repeat(2));
    }
}
