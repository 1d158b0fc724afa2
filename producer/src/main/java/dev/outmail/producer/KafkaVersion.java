package dev.outmail.producer;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;

/// The version of kafka-clients that the application runs with: its build decides, not ours, and a
/// BOM may lower it without a word.
///
/// Before 4.1.2 a batch that expires while it is under way may end up in another topic, and its
/// callback reports success (CVE-2026-35554): a mail that was accepted would be lost. So this is
/// held at run time, before the first client is made.
final class KafkaVersion {
    private static final long FLOOR = number(4, 1, 2);

    /// What came before this release was built from sources that may lack what 4.1.2 has.
    private static final long FLOOR_OF_PRE_RELEASES = number(4, 2, 0);

    /// Confluent's 8.2 is Apache's 4.2; their patches have numbers of their own.
    private static final long FLOOR_OF_CONFLUENT = number(8, 2, 0);

    private static final Pattern VERSION =
            Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})([.-].*)?");
    private static final Pattern PRE_RELEASE = Pattern.compile("snapshot|rc|alpha|beta|-m\\d");
    private static final Pattern CONFLUENT = Pattern.compile("-(ccs|ce)\\b");

    private KafkaVersion() {}

    /// Refuses to go on with what is on the class path, if it is not safe.
    static void requireSafe() {
        requireSafe(AppInfoParser.getVersion());
    }

    /// A version that can't be read is refused too: nothing speaks for it, there is a remedy, and
    /// what is at stake is mail that is lost while it is reported as safe.
    static void requireSafe(String found) {
        var version = VERSION.matcher(found);
        if (!version.matches()) {
            throw unsafe(
                    found,
                    "its version can't be read; keep kafka/kafka-version.properties of the"
                            + " kafka-clients jar where jars are merged");
        }
        long number =
                number(part(version.group(1)), part(version.group(2)), part(version.group(3)));
        var qualifier = version.group(4);
        if (!isSafe(number, qualifier == null ? "" : qualifier.toLowerCase(Locale.ROOT))) {
            throw unsafe(
                    found,
                    "a BOM or another dependency lowers the version that Outmail declares"
                            + " (mvn dependency:tree shows which); raise it there");
        }
    }

    private static boolean isSafe(long number, String qualifier) {
        if (CONFLUENT.matcher(qualifier).find()) {
            return number >= FLOOR_OF_CONFLUENT;
        }
        return PRE_RELEASE.matcher(qualifier).find()
                ? number > FLOOR_OF_PRE_RELEASES
                : number >= FLOOR;
    }

    private static UnsafeKafkaClients unsafe(String found, String remedy) {
        return new UnsafeKafkaClients(
                found,
                "kafka-clients "
                        + found
                        + " is on the class path; Outmail needs 4.1.2 or later (of Confluent's"
                        + " builds, 8.2.0), since older ones may write a mail to another topic and"
                        + " report it as accepted (CVE-2026-35554): "
                        + remedy);
    }

    private static int part(String digits) {
        return Integer.parseInt(digits);
    }

    private static long number(int major, int minor, int patch) {
        return (major * 10_000L + minor) * 10_000L + patch;
    }
}
