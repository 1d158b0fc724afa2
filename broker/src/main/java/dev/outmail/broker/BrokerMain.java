package dev.outmail.broker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// A broker as a program of its own: `BrokerMain FOLDER PORT [SETTING=VALUE]…`, the settings being
/// Kafka's.
///
/// Says `READY 127.0.0.1:PORT` on its standard output when it answers, and runs until it is
/// terminated or breaks. Exit codes: 1 not started or broken, 2 wrong usage.
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) {
        if (!isUsage(arguments)) {
            System.err.println("usage: BrokerMain FOLDER PORT [SETTING=VALUE]...");
            System.exit(2);
        }
        System.exit(
                run(
                        EmbeddedBroker.Options.in(Path.of(arguments[0]))
                                .withKafkaPort(Integer.parseInt(arguments[1]))
                                .withOverrides(settings(arguments))));
    }

    private static boolean isUsage(String[] arguments) {
        return arguments.length >= 2
                && arguments[1].matches("\\d{1,5}")
                && Arrays.stream(arguments).skip(2).allMatch(setting -> setting.matches(".+?=.*"));
    }

    private static Map<String, String> settings(String[] arguments) {
        return Arrays.stream(arguments)
                .skip(2)
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    }

    private static int run(EmbeddedBroker.Options options) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
            System.out.println("READY " + broker.bootstrapServers());
            System.err.println(broker.failure().join().getMessage());
        } catch (BrokerNotStarted e) {
            System.err.println(e.getMessage());
        }
        return 1;
    }
}
