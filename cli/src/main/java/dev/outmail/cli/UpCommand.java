package dev.outmail.cli;

import dev.outmail.config.DeploymentReader;
import dev.outmail.console.Console;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail up`.
@Command(
        name = "up",
        description =
                "Runs everything in this process: broker, topics, a worker and the console. Settings start Silent.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    private static final Set<String> FROM_ENVIRONMENT = Set.of("secrets.keys", LogFormat.KEY);
    private static final String LOOPBACK = "127.0.0.1";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "outmail-data",
            description = "Where the broker keeps its data (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("outmail-data");

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description =
                    "Port of the broker, on the loopback address; 0 for a free one (default: ${DEFAULT-VALUE})")
    private int kafkaPort;

    @Option(
            names = "--worker-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description =
                    "Port of the worker's health and metrics; 0 for a free one (default: ${DEFAULT-VALUE})")
    private int workerPort;

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description =
                    "Port of the console, on the loopback address; 0 for a free one (default: ${DEFAULT-VALUE})")
    private int consolePort;

    @Option(
            names = "--sendmail",
            paramLabel = "PATH",
            description = "The native mailer's command (default: /usr/sbin/sendmail)")
    private @Nullable Path sendmail;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requirePort("--kafka-port", kafkaPort);
        requirePort("--worker-port", workerPort);
        requirePort("--console-port", consolePort);
        var outmail = LocalOutmail.start(data, kafkaPort, config());
        try {
            greet(outmail, outmail.startConsole(data, consolePort));
        } catch (IOException | RuntimeException e) {
            outmail.close();
            throw e;
        }
        return Shutdown.stay(outmail::awaitEnd, outmail::close);
    }

    /// Here, and not when the broker has started for nothing.
    private static void requirePort(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw Failure.wrongUsage(option + " must be 0 to 65535, not " + port);
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new Failure(
                    "Port %d on %s can't be had (%s); choose another with %s, 0 for a free one"
                            .formatted(port, LOOPBACK, e.getMessage(), option));
        }
    }

    private Map<String, String> config() {
        var config =
                new HashMap<>(
                        Map.of(
                                "http.address",
                                LOOPBACK,
                                "http.port",
                                Integer.toString(workerPort),
                                "worker.id",
                                "up"));
        // No options: other users of the machine could read the keys.
        var environment = DeploymentReader.keys(System.getenv());
        environment.keySet().retainAll(FROM_ENVIRONMENT);
        config.putAll(environment);
        LogFormat.use(environment);
        if (sendmail != null) {
            config.put("native.sendmail", sendmail.toAbsolutePath().toString());
        }
        return config;
    }

    private void greet(LocalOutmail outmail, Console console) {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var kafka = outmail.bootstrapServers();
        var option = kafkaPort == 9092 ? "" : " --bootstrap-servers " + kafka;
        out.println("Outmail is up.");
        out.println(
                "  Kafka    " + kafka + "   (data in " + data.toAbsolutePath().normalize() + ")");
        out.println("  Console  " + console.url());
        console.welcomeUrl()
                .ifPresent(link ->
                        out.println("  Nobody can log in yet. To become its admin, once: " + link));
        out.println("  Health   http://127.0.0.1:" + outmail.worker().port() + "/health/ready");
        out.println("  Metrics  http://127.0.0.1:" + outmail.worker().port() + "/metrics");
        out.println("Try in another terminal:");
        out.println("  ./outmail settings show" + option);
        out.println("  ./outmail log --follow" + option);
        out.println("Ctrl-C stops it.");
        out.flush();
    }
}
