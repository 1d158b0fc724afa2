package dev.outmail.submission.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.submission.sendmail.Request.Submit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static Request read(String words) {
        return Arguments.read(
                Arrays.stream(words.split(" ")).filter(word -> !word.isEmpty()).toList());
    }

    /// As PHP, cron, git, mutt, Nagios, logwatch and others call it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    -t -i                               | true  | false |         |
                    -ti                                 | true  | false |         |
                    -t -oi                              | true  | false |         |
                    -t -i -fme@a.org                    | true  | false | me@a.org |
                    -t -i -f me@a.org                   | true  | false | me@a.org |
                    -tif me@a.org                       | true  | false | me@a.org |
                    -r me@a.org -t                      | true  | true  | me@a.org |
                    -i -- you@a.org                     | false | false |         | you@a.org
                    -FCronDaemon -i -odi -B8BITMIME -oem root | false | false |   | root
                    -oem -oi -- a@a.org b@a.org         | false | false |         | a@a.org b@a.org
                    -bm a@a.org                         | false | true  |         | a@a.org
                    -G -N never -R hdrs -V id -v -t     | true  | true  |         |
                    -N success,failure -t               | true  | true  |         |
                    -O DeliveryMode=b -t                | true  | true  |         |
                    -C /etc/x -X /tmp/x -oQ/tmp -t      | true  | true  |         |
                    -em -h 5 -L tag -p smtp -U -m -n -x -t | true | true |        |
                    """)
    void callsOfOtherProgramsAreUnderstood(
            String words,
            boolean inHeader,
            boolean dotEnds,
            @Nullable String sender,
            @Nullable String recipients) {
        var read = (Submit) read(words);

        assertThat(read.recipientsInHeader()).isEqualTo(inHeader);
        assertThat(read.dotEnds()).isEqualTo(dotEnds);
        assertThat(read.sender()).isEqualTo(sender);
        assertThat(read.recipients())
                .isEqualTo(recipients == null ? List.of() : List.of(recipients.split(" ")));
    }

    @Test
    void aFullNameMayHaveSpaces() {
        assertThat(Arguments.read(List.of("-F", "Ada Lovelace", "-t")))
                .isEqualTo(new Submit(true, true, null, "Ada Lovelace", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t", "-f", "-OQueueDirectory=/tmp", "-X/tmp/x", "-be", "--", "-q"})
    void behindTwoDashesNothingIsAnOption(String word) {
        assertThat(Arguments.read(List.of("--", word)))
                .isEqualTo(new Submit(false, true, null, null, List.of(word)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t", "-fme@a.org", "-X/tmp/x", "-be", "-"})
    void whatLooksLikeAnOptionBehindARecipientIsRefused(String word) {
        assertThat(read("a@a.org " + word)).isInstanceOf(Request.Unknown.class);
    }

    @Test
    void theSpoolIsListedAndDrained() {
        assertThat(read("-bp")).isEqualTo(new Request.ListSpool());
        assertThat(read("-b p")).isEqualTo(new Request.ListSpool());
        assertThat(read("-bs -i")).isEqualTo(new Request.Talk());
        assertThat(read("-q")).isEqualTo(new Request.Drain());
        assertThat(read("-q15m")).isEqualTo(new Request.Drain());
    }

    @ParameterizedTest
    @CsvSource({
        "-z,-z: there is no such option",
        "-a account,-a: there is no such option",
        "--help,--: there is no such option",
        "-t -f,-f: its value is missing",
        "-t -i -bs,-bs: its client names the recipients",
        "-bd,-bd: for mail over SMTP run: outmail smtp-in",
        "-bt,there is no such mode",
        "-I,there is no table of aliases"
    })
    void whatNobodyCanDoIsSaid(String words, String why) {
        assertThat(read(words))
                .isInstanceOfSatisfying(
                        Request.Unknown.class, unknown -> assertThat(unknown.why()).contains(why));
    }
}
