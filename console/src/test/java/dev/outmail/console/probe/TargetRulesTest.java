package dev.outmail.console.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {
    private final TargetRules rules = new TargetRules(Set.of("relay.internal:26", "127.0.0.9:*"));

    /// Ways to write what is not on the internet: this host, its networks, what clouds tell about
    /// themselves, and addresses with such an address inside.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "127.0.0.1",
                "127.1.2.3",
                "127.1",
                "2130706433",
                "0.0.0.0",
                "0",
                "0.1.2.3",
                "10.0.0.1",
                "167772161",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "169.254.0.1",
                "169.254.169.254",
                "2852039166",
                "172.16.0.1",
                "172.31.255.254",
                "192.0.0.192",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.254",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:a9fe:a9fe",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2001:0:7f00:1::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "fdff::1",
                "fec0::1",
                "ff02::1"
            })
    void nothingOfThisHostOrItsNetworksIsReached(String host) {
        assertThatExceptionOfType(TargetRules.NotAllowed.class)
                .isThrownBy(() -> rules.address(host, 587));
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 80, 443, 3306, 5432, 6379, 8080, 9092, 26})
    void onlyPortsOfMailAreReached(int port) {
        assertThatExceptionOfType(TargetRules.NotAllowed.class)
                .isThrownBy(() -> rules.address("192.0.2.1", port));
    }

    @Test
    void theAddressThatWasCheckedIsTheOneToConnectTo() throws IOException {
        assertThat(rules.address("203.0.113.7", 587))
                .isEqualTo(InetAddress.getByName("203.0.113.7"));
        assertThat(rules.address("2a00:1450::1", 465).getHostAddress()).startsWith("2a00:1450:");
    }

    @Test
    void theDeploymentMayAllowWhatItLikes() throws IOException {
        assertThat(rules.address("127.0.0.9", 4_711).isLoopbackAddress()).isTrue();
    }
}
