package dev.outmail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Row by row what `addresses.tsv` says.
class AddressTableTest {
    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]+)}");

    record Row(String verdict, String written, String expected) {}

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptedMailboxIsWrittenInItsOneForm(Row row) {
        Mailbox mailbox = Mailbox.parse(row.written());

        assertThat(mailbox).hasToString(row.expected());
        assertThat(Mailbox.parse(mailbox.toString())).isEqualTo(mailbox);
        EmailAddress address = mailbox.address();
        assertThat(EmailAddress.parse(address.toString())).isEqualTo(address);
        assertThat(new EmailAddress(address.localPart(), address.domain())).isEqualTo(address);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptedAddressFitsTheWire(Row row) {
        EmailAddress address = Mailbox.parse(row.written()).address();

        assertThat(octets(address.localPart())).isBetween(1, 64);
        assertThat(address.domain()).hasSizeBetween(1, 253).matches("[a-z0-9.-]+");
        assertThat(octets(address.toString())).isLessThanOrEqualTo(254);
        assertThat(address.toString().chars()).noneMatch(Character::isISOControl);
        assertThat(address.requiresSmtpUtf8())
                .isEqualTo(octets(address.toString()) != address.toString().length());
    }

    @ParameterizedTest
    @MethodSource({"refused", "refusedByPolicy"})
    void refusedMailboxIsRefusedInPrintableWords(Row row) {
        assertThatThrownBy(() -> Mailbox.parse(row.written()))
                .isInstanceOf(InvalidAddress.class)
                .hasMessageStartingWith("no valid mail address: '")
                .message()
                .hasSizeLessThan(700)
                .matches(text -> text.chars().noneMatch(Character::isISOControl), "printable")
                .contains("; ");
    }

    @ParameterizedTest
    @MethodSource({"refused", "refusedByPolicy"})
    void whatIsNoMailboxIsNoAddressEither(Row row) {
        assertThatThrownBy(() -> EmailAddress.parse(row.written()))
                .isInstanceOf(InvalidAddress.class);
    }

    @Test
    void anyTextIsAMailboxOfOneFormOrRefused() {
        long seed = new Random().nextLong();
        System.out.println("AddressTableTest seed " + seed);
        var random = new Random(seed);

        for (int i = 0; i < 50_000; i++) {
            String written = text(random);
            try {
                Mailbox mailbox = Mailbox.parse(written);
                assertThat(Mailbox.parse(mailbox.toString()))
                        .as("seed %d", seed)
                        .isEqualTo(mailbox);
                assertThat(mailbox.address().domain()).as("seed %d", seed).matches("[a-z0-9.-]+");
            } catch (InvalidAddress refused) {
                assertThat(refused).hasMessageContaining("; ");
            }
        }
    }

    private static String text(Random random) {
        String likely = "ab1.-@@\"\\<> (),é漢ß。xn--İς\u0308\ud83d\ude00\u200d\u0627\u2100";
        var text = new StringBuilder(random.nextBoolean() ? "a@" : "");
        for (int i = random.nextInt(14); i > 0; i--) {
            text.append(
                    random.nextInt(8) == 0
                            ? (char) random.nextInt(0x10000)
                            : likely.charAt(random.nextInt(likely.length())));
        }
        return text.toString();
    }

    static Stream<Row> accepted() {
        return rows("accepted");
    }

    static Stream<Row> refused() {
        return rows("refused");
    }

    static Stream<Row> refusedByPolicy() {
        return rows("policy");
    }

    private static Stream<Row> rows(String verdict) {
        return lines().stream()
                .filter(line -> line.startsWith(verdict + "\t"))
                .map(line -> line.split("\t", -1))
                .map(cells ->
                        new Row(
                                cells[0],
                                unescape(cells[1]),
                                unescape(cells.length > 2 ? cells[2] : cells[1])));
    }

    private static List<String> lines() {
        try (var in = AddressTableTest.class.getResourceAsStream("addresses.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unescape(String cell) {
        String repeated =
                REPEATED.matcher(cell)
                        .replaceAll(
                                match -> match.group(2).repeat(Integer.parseInt(match.group(1))));
        return UNICODE.matcher(repeated)
                .replaceAll(match ->
                        Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
