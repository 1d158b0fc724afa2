package dev.outmail.cli;

import dev.outmail.producer.Outmail;
import dev.outmail.submission.sendmail.Drainer;
import dev.outmail.submission.sendmail.Drainer.Drained;
import dev.outmail.submission.sendmail.Drainer.Stay;
import dev.outmail.submission.sendmail.Listing;
import dev.outmail.submission.sendmail.Sendmail;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail spool`.
@Command(
        name = "spool",
        description = "Mails that outmail sendmail took and Kafka has not yet.",
        mixinStandardHelpOptions = true,
        subcommands = {SpoolCommand.ListCommand.class, SpoolCommand.DrainCommand.class})
final class SpoolCommand {
    private SpoolCommand() {}

    /// `outmail spool list`.
    @Command(
            name = "list",
            description = "Lists them as mailq does, with those that can't be published.",
            mixinStandardHelpOptions = true)
    static final class ListCommand implements Callable<Integer> {
        @Mixin private KafkaOptions kafka = new KafkaOptions();

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var out = Objects.requireNonNull(spec).commandLine().getOut();
            Listing.print(kafka.orFile(Sendmail.DEFAULT_CONFIG).deployment().spool(), out);
            return Main.DONE;
        }
    }

    /// `outmail spool drain`.
    @Command(
            name = "drain",
            description = "Publishes them, and ends with 1 where some are left.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class DrainCommand implements Callable<Integer> {
        @Mixin private KafkaOptions kafka = new KafkaOptions();

        @Option(
                names = "--follow",
                description = "Stay and publish what comes, until SIGTERM: as a service.")
        private boolean follow;

        @Option(
                names = "--linger",
                description =
                        "Stay until half a minute brought no mail, or ten minutes no Kafka: what"
                                + " outmail sendmail starts.")
        private boolean linger;

        @Spec private @Nullable CommandSpec spec;

        private @Nullable Drained drained;

        @Override
        public Integer call() throws IOException, InterruptedException {
            var deployment = kafka.orFile(Sendmail.DEFAULT_CONFIG).deployment();
            var stay = follow ? Stay.FOR_GOOD : linger ? Stay.A_WHILE : Stay.NOT;
            var drainer =
                    Drainer.of(
                            deployment.spool(),
                            kafka.configuration(),
                            () -> Outmail.connect(deployment),
                            stay);
            Shutdown.stay(() -> run(drainer), drainer::close);
            return report(Objects.requireNonNull(drained));
        }

        private void run(Drainer drainer) throws InterruptedException, ExecutionException {
            try {
                drained = drainer.run();
            } catch (IOException e) {
                throw new ExecutionException(e);
            }
        }

        private int report(Drained drained) {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            if (drained.elsewhere()) {
                out.println("Another process publishes what is in the spool");
            } else {
                out.println(
                        "Published %d, put aside %d, left %d"
                                .formatted(drained.published(), drained.failed(), drained.left()));
            }
            out.flush();
            return drained.elsewhere() || drained.left() == 0 ? Main.DONE : Main.FAILED;
        }
    }
}
