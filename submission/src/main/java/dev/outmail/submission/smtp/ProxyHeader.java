package dev.outmail.submission.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// What a load balancer says of the client before all else: the PROXY protocol, versions 1 and 2.
final class ProxyHeader {
    private static final byte[] SIGNATURE = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };
    private static final int LONGEST_LINE = 107;
    private static final int PROXY = 0x21;
    private static final int LOCAL = 0x20;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    private ProxyHeader() {}

    /// The client's address; empty where the balancer speaks for itself, as for a check of health.
    ///
    /// @throws ProtocolException when it is no such header
    /// @throws EOFException when it has gone at once, as after a check that the port is open
    static Optional<InetAddress> read(Wire wire) throws IOException {
        byte[] begin = wire.read(SIGNATURE.length);
        if (begin.length == 0) {
            throw new EOFException("no word was said");
        }
        return Arrays.equals(begin, SIGNATURE) ? binary(wire) : text(begin, wire);
    }

    private static Optional<InetAddress> text(byte[] begin, Wire wire) throws IOException {
        var line = new StringBuilder(new String(begin, StandardCharsets.ISO_8859_1));
        while (!line.toString().endsWith("\r\n")) {
            int next = wire.read();
            if (next < 0 || line.length() == LONGEST_LINE) {
                throw wrong();
            }
            line.append((char) next);
        }
        var words = line.toString().strip().split(" ", -1);
        if (!words[0].equals("PROXY") || words.length < 2) {
            throw wrong();
        }
        return switch (words[1]) {
            case "UNKNOWN" -> Optional.empty();
            case "TCP4", "TCP6" -> Optional.of(address(words));
            default -> throw wrong();
        };
    }

    private static InetAddress address(String[] words) throws ProtocolException {
        try {
            return InetAddress.ofLiteral(words[2]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw wrong();
        }
    }

    private static Optional<InetAddress> binary(Wire wire) throws IOException {
        byte[] fixed = wire.read(4);
        if (fixed.length < 4) {
            throw wrong();
        }
        int length = (fixed[2] & 0xff) << 8 | (fixed[3] & 0xff);
        byte[] rest = wire.read(length);
        int family = (fixed[1] & 0xff) >> 4;
        int octets = family == IPV4 ? 4 : family == IPV6 ? 16 : 0;
        if (rest.length < length || rest.length < 2 * octets + (octets == 0 ? 0 : 4)) {
            throw wrong();
        }
        return switch (fixed[0]) {
            case LOCAL -> Optional.empty();
            case PROXY ->
                    octets == 0
                            ? Optional.empty()
                            : Optional.of(InetAddress.getByAddress(Arrays.copyOf(rest, octets)));
            default -> throw wrong();
        };
    }

    private static ProtocolException wrong() {
        return new ProtocolException("no header of the PROXY protocol");
    }
}
