package dev.outmail.cli;

import dev.outmail.worker.Worker;
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

    @Override
    public Integer call() throws IOException, InterruptedException {
        var worker = Worker.start(kafka.deployment());
        return Shutdown.stay(worker::awaitEnd, worker::close);
    }
}
