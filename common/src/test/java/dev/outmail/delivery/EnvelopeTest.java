package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.mail.EmailAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private static final EmailAddress SENDER = new EmailAddress("sender", "example.org");

    /// What the transports rely on: an address is one word of a command, or a quoted one.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noAddressCanEndACommandOrAddToIt(long seed) {
        Random random = new Random(seed);
        String alphabet = "ab\r\n\0\t <>\"\\@.,;:-\u007f\u0085\u00a0\u2028üx";
        int made = 0;
        for (int i = 0; i < 20_000; i++) {
            String localPart = randomText(random, alphabet);
            try {
                String wire = new EmailAddress(localPart, "example.org").toString();
                made++;
                assertThat(wire)
                        .as("seed " + seed)
                        .matches(
                                "(\"[^\\p{Cntrl}\\u0080-\\u009f]*\"|[^\\p{Cntrl}\\s<>\"]+)@example\\.org");
            } catch (IllegalArgumentException e) {
                // as it should be
            }
        }
        assertThat(made).isPositive();
    }

    private static String randomText(Random random, String alphabet) {
        return random.ints(1 + random.nextInt(5), 0, alphabet.length())
                .mapToObj(index -> String.valueOf(alphabet.charAt(index)))
                .reduce("", String::concat);
    }

    @Test
    void anEnvelopeWithoutRecipientsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Envelope(SENDER, List.of()));
    }
}
