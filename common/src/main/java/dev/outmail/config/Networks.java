package dev.outmail.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/// Ranges of IP addresses.
public record Networks(List<Range> ranges) {
    public static final Networks NONE = new Networks(List.of());

    public Networks {
        ranges = List.copyOf(ranges);
    }

    /// All addresses that have the first bits of this one.
    ///
    /// @param bits 0 to 32, or to 128 where it is IPv6
    public record Range(InetAddress address, int bits) {
        /// 127.0.0.0/8, ::1, or a part of it.
        boolean isLoopback() {
            int most = address.getAddress().length * 8;
            return address.isLoopbackAddress() && bits >= (most == 32 ? 8 : most);
        }

        boolean contains(InetAddress other) {
            byte[] ours = address.getAddress();
            byte[] theirs = other.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Reads `10.0.0.0/8, ::1`; an address alone is itself.
    ///
    /// @throws IllegalArgumentException saying which one is none
    static Networks parse(String written) {
        return new Networks(
                Stream.of(written.split(",", -1))
                        .map(String::strip)
                        .filter(range -> !range.isEmpty())
                        .map(Networks::range)
                        .toList());
    }

    private static Range range(String written) {
        var parts = written.split("/", 2);
        try {
            var address = literal(parts[0]);
            int most = address.getAddress().length * 8;
            int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
            if (bits >= 0 && bits <= most) {
                return new Range(address, bits);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "\"" + written + "\" is no range of addresses, such as 10.0.0.0/8 or ::1");
    }

    /// Without a look at any name server.
    private static InetAddress literal(String written) {
        if (!written.matches("\\d{1,3}([.]\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException(written);
        }
        try {
            return InetAddress.getByName(written);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public boolean contains(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /// Whether nobody is in them who is not on this host.
    boolean areLoopback() {
        return ranges.stream().allMatch(Range::isLoopback);
    }
}
