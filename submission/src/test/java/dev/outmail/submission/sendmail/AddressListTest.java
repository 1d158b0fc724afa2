package dev.outmail.submission.sendmail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    a@a.org                                      | a@a.org
                    <a@a.org>                                    | a@a.org
                    a@a.org, b@b.org                             | a@a.org b@b.org
                    a@a.org,,b@b.org,                            | a@a.org b@b.org
                    Ada Lovelace <a@a.org>, Bob <b@b.org>        | a@a.org b@b.org
                    "Lovelace, Ada" <a@a.org>,"x<y>" <b@b.org>   | a@a.org b@b.org
                    "say \\"hi, you\\"" <a@a.org>                | a@a.org
                    =?UTF-8?Q?Zo=C3=AB?= <z@a.org>               | z@a.org
                    Zoë <z@a.org>                                | z@a.org
                    a@a.org (Ada, of (all) \\) people)           | a@a.org
                    (first) Ada (second) <a@a.org (third)> (4th) | a@a.org
                    friends: a@a.org, Bob <b@b.org>;, c@c.org    | a@a.org b@b.org c@c.org
                    undisclosed-recipients:;                     |
                    <@x.org,@y.org:a@a.org>                      | a@a.org
                    "a, b"@a.org                                 | "a,b"@a.org
                    <"a>b"@a.org>                                | "a>b"@a.org
                    a@[IPv6:2001:db8::1]                         | a@[IPv6:2001:db8::1]
                    root                                         | root
                    """)
    void addressesAreFoundAmongNamesCommentsAndGroups(String written, String addresses) {
        var expected =
                addresses == null
                        ? List.of()
                        : Arrays.stream(addresses.split(" "))
                                .map(address -> address.replace("\"a,b\"", "\"a, b\""))
                                .toList();

        assertThat(AddressList.parse(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    root                         | root+
                    root (Cron Daemon)           | root+ (Cron Daemon)
                    (a) root (b) (c)             | (a) root+ (b) (c)
                    "(Cron Daemon)" <root>       | "(Cron Daemon)" <root+>
                    Cron < root (me) >, eve      | Cron < root+ (me) >, eve+
                    all: root , "a b" (x) ;, eve | all: root+ , "a b"+ (x) ;, eve+
                    <>                           | <+>
                    """)
    void whatIsPutBehindAnAddressStandsBeforeCommentsAndBrackets(String written, String with) {
        assertThat(AddressList.with(written, _ -> "+")).isEqualTo(with);
    }

    /// Some readers would take the first address, and some the second.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a@a.org>b@b.org",
                "<a@a.org><b@b.org>",
                "<a@a.org> <b@b.org>",
                "<a@a.org",
                "\"Ada <a@a.org>",
                "Ada (of <a@a.org>",
                "a@[1.2.3.4",
                "\"Ada\\"
            })
    void whatMayBeReadInTwoWaysIsRefused(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressList.parse(written));
    }

    /// Lists of parts that are all well-formed, put together at random.
    @Test
    void itFindsWhatJakartaMailFinds() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var parts =
                List.of(
                        "a@a.org",
                        "Ada <b@b.org>",
                        "\"Lovelace, A. <x>\" <c@c.org>",
                        "d@d.org (a comment, (nested))",
                        "(before) <e@e.org>",
                        "=?UTF-8?B?R3LDvMOfZQ==?= <f@f.org>",
                        "\"q q\"@g.org",
                        "\"\\\"\" <h@h.org>");
        for (int round = 0; round < 2_000; round++) {
            var chosen = new ArrayList<String>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                chosen.add(parts.get(random.nextInt(parts.size())));
            }
            var written = String.join(random.nextBoolean() ? ", " : " ,\t", chosen);

            assertThat(AddressList.parse(written))
                    .as("seed %d: %s", seed, written)
                    .isEqualTo(
                            Arrays.stream(InternetAddress.parseHeader(written, false))
                                    .map(InternetAddress::getAddress)
                                    .toList());
        }
    }

    @Test
    void noTextMakesItFailOtherwise() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var letters = "a@.<>()[]\"\\,;: ";
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                assertThat(AddressList.parse(text.toString())).isNotNull();
                assertThat(AddressList.with(text.toString(), _ -> "")).isEqualTo("" + text);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining("list of addresses");
            }
        }
    }
}
