package dev.outmail.cli;

import dev.outmail.delivery.RetryPolicy;
import dev.outmail.worker.LastingWorker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `outmail worker`.
@Command(
        name = "worker",
        description =
                "Runs a worker: takes events from Kafka and delivers them. SIGTERM drains it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class WorkerCommand implements Callable<Integer> {
    @Mixin private KafkaOptions kafka = new KafkaOptions();

    /// For tests, which can't wait for hours: so many times as long as usual are waits for retries.
    private static final String RETRY_SCALE = "outmail.test.retry-scale";

    @Override
    public Integer call() throws IOException, InterruptedException {
        var deployment = kafka.deployment();
        double scale = Double.parseDouble(System.getProperty(RETRY_SCALE, "1"));
        var policy =
                RetryPolicy.DEFAULT.withInDoubt(deployment.smtp().finalDotTimeout()).scaled(scale);
        var worker = LastingWorker.start(deployment, policy);
        return Shutdown.stay(worker::awaitEnd, worker::close);
    }
}
