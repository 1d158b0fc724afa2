package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodedSizeTest {
    private static final byte[] HEAD = "Subject: s\r\n\r\n".getBytes(UTF_8);

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @ParameterizedTest
    @MethodSource("lines")
    void itIsWhatTheCodecWrites(byte[] line) {
        int more = codec.encode(event(line)).length - codec.encode(event(new byte[0])).length;

        assertThat(EncodedSize.of(line)).isEqualTo(more);
    }

    private static Stream<byte[]> lines() {
        var characters = Stream.of("ä", "漢", "😀", "\u2028", "\u007f", "\\\"\t/<&'");
        var controls = Stream.iterate(1, one -> one + 1).limit(31).map(Character::toString);
        return Stream.concat(characters, controls)
                .filter(character -> !"\r\n".contains(character))
                .map(character -> character.getBytes(UTF_8));
    }

    @Test
    void whatIsNoUtf8IsBase64() {
        assertThat(EncodedSize.of(new byte[] {'a', (byte) 0xe4})).isEqualTo(4);
        assertThat(EncodedSize.of(new byte[] {'a', (byte) 0xe4, 'b', 'c'})).isEqualTo(8);
    }

    private static MailEvent event(byte[] line) {
        byte[] message = Arrays.copyOf(HEAD, HEAD.length + line.length + 2);
        System.arraycopy(line, 0, message, HEAD.length, line.length);
        message[message.length - 2] = '\r';
        message[message.length - 1] = '\n';
        return MailEvent.builder().id("1").to("a@b").message(message).build();
    }
}
