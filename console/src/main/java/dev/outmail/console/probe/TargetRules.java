package dev.outmail.console.probe;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// What a test may connect to: servers of other networks at the ports of mail. What else there is,
/// the console's own host and network above all, only a deployment can allow, by name.
public final class TargetRules {
    private static final Set<Integer> PORTS = Set.of(25, 465, 587, 2525);

    /// Prefixes that have another address inside (RFC 6052, 3056, 4380), and what to skip of them.
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b};

    private final Set<String> allowed;

    /// @param allowed `HOST:PORT` or `HOST:*`, in lower case
    public TargetRules(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /// A target that must not be reached. It says the same of all of them, and in no time: nobody
    /// learns from it what is there.
    static final class NotAllowed extends IOException {
        private static final long serialVersionUID = 1L;

        NotAllowed() {
            super("this console may not connect there");
        }
    }

    /// The address to connect to, resolved once.
    InetAddress address(String host, int port) throws NotAllowed, UnknownHostException {
        var name = host.toLowerCase(Locale.ROOT);
        if (allowed.contains(name + ":" + port) || allowed.contains(name + ":*")) {
            return InetAddress.getByName(host);
        }
        if (!PORTS.contains(port)) {
            throw new NotAllowed();
        }
        var addresses = InetAddress.getAllByName(host);
        // One that is not for us spoils all of them: the next lookup may give it first.
        if (!Arrays.stream(addresses).allMatch(TargetRules::isElsewhere)) {
            throw new NotAllowed();
        }
        return addresses[0];
    }

    /// Whether an address is on the internet, and so on neither this host nor a network of its own.
    static boolean isElsewhere(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return switch (address) {
            case Inet4Address four -> isElsewhere(four.getAddress());
            case Inet6Address six -> isElsewhere(six);
            default -> false;
        };
    }

    /// Not of 0/8, 100.64/10 (RFC 6598), 192.0.0/24, 198.18/15, 240/4 and up.
    private static boolean isElsewhere(byte[] address) {
        int first = address[0] & 0xff;
        int second = address[1] & 0xff;
        return first != 0
                && first != 10
                && first != 127
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 169 && second == 254)
                && !(first == 172 && second >= 16 && second < 32)
                && !(first == 192 && second == 168)
                && !(first == 192 && second == 0 && address[2] == 0)
                && !(first == 198 && (second == 18 || second == 19))
                && first < 224;
    }

    /// Not unique local (RFC 4193), and nothing that has another address inside which is not
    /// elsewhere either.
    private static boolean isElsewhere(Inet6Address address) {
        byte[] bytes = address.getAddress();
        if ((bytes[0] & 0xfe) == 0xfc) {
            return false;
        }
        if (Arrays.equals(bytes, 0, 4, NAT64, 0, 4) || isZero(bytes, 0, 10)) {
            return isElsewhere(Arrays.copyOfRange(bytes, 12, 16));
        }
        if (bytes[0] == 0x20 && bytes[1] == 0x02) { // 6to4
            return isElsewhere(Arrays.copyOfRange(bytes, 2, 6));
        }
        return !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0); // Teredo
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
