package dev.outmail.broker;

import java.nio.file.Path;

/// A broker as a program of its own: `BrokerMain FOLDER PORT`.
///
/// Says `READY 127.0.0.1:PORT` on its standard output when it answers, and runs until it is
/// terminated or breaks. Exit codes: 1 not started or broken, 2 wrong usage.
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[1].matches("\\d{1,5}")) {
            System.err.println("usage: BrokerMain FOLDER PORT");
            System.exit(2);
        }
        System.exit(run(Path.of(arguments[0]), Integer.parseInt(arguments[1])));
    }

    private static int run(Path folder, int port) {
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(EmbeddedBroker.Options.in(folder).withKafkaPort(port))) {
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
            System.out.println("READY " + broker.bootstrapServers());
            System.err.println(broker.failure().join().getMessage());
        } catch (BrokerNotStarted e) {
            System.err.println(e.getMessage());
        }
        return 1;
    }
}
