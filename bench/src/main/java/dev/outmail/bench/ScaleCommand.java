package dev.outmail.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bench/run scale`.
@Command(
        name = "scale",
        description = {
            "Prints what 10,000 and 100,000 mails a second need, by what one was measured to cost,",
            "and how well the same model predicts what was measured."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ScaleCommand implements Callable<Integer> {
    private static final double TOLERANCE = 0.2;

    @Option(
            names = "--measure",
            description = "First measures anew, which takes two minutes, and writes the file")
    private boolean measure;

    @Option(names = "--quick", description = "With --measure: to see that it runs")
    private boolean quick;

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "The measurements (default: ${DEFAULT-VALUE})",
            defaultValue = "${sys:outmail.bench.folder:-bench}/unit-costs.properties")
    private Path file = Path.of("");

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Mails a second; may be repeated (default: 10000 and 100000)")
    private List<Double> rates = new ArrayList<>();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        if (measure) {
            new ScaleMeasurement(quick, new Progress("scale", commandLine.getErr()))
                    .run()
                    .write(file);
        }
        var model = new ScaleModel(UnitCosts.read(file));
        var out = commandLine.getOut();
        out.println("Measured on " + model.costs().machine() + ".\n");
        boolean good = printPredictions(model, out);
        printSites(model, out);
        out.flush();
        return good ? 0 : 1;
    }

    private static boolean printPredictions(ScaleModel model, PrintWriter out) {
        var table = new Table("workers", "predicted/s", "measured/s", "off by");
        boolean good = true;
        for (var measured : model.costs().measured().entrySet()) {
            double error = model.error(measured.getKey(), measured.getValue());
            good &= Math.abs(error) <= TOLERANCE;
            table.row(
                    List.of(
                            measured.getKey().toString(),
                            text("%,.0f", model.onSharedCores(measured.getKey())),
                            text("%,.0f", measured.getValue()),
                            text("%+.0f %%", 100 * error)));
        }
        out.println(table);
        out.println();
        return good;
    }

    private void printSites(ScaleModel model, PrintWriter out) {
        var sites =
                (rates.isEmpty() ? List.of(10_000.0, 100_000.0) : rates)
                        .stream().map(model::site).toList();
        var head = new ArrayList<>(List.of("mails/s"));
        sites.forEach(site -> head.add(text("%,.0f", site.rate())));
        var table = new Table(head.toArray(String[]::new));
        row(
                table,
                "workers of %d cores".formatted(ScaleModel.WORKER_CORES),
                sites,
                s -> text("%,d", s.workers()));
        row(table, "partitions", sites, s -> text("%,d", s.partitions()));
        row(table, "connections to mail servers", sites, s -> text("%,d", s.connections()));
        row(table, "GB of ledger a worker", sites, s -> text("%.2f", s.ledgerGigabytesPerWorker()));
        row(table, "that remembers", sites, s -> hours(s.window()));
        row(
                table,
                "GB of all ledgers for 24 h",
                sites,
                s -> text("%,.0f", s.fullLedgerGigabytes()));
        row(table, "cores of publishers", sites, s -> text("%.1f", s.publisherCores()));
        row(table, "cores of brokers", sites, s -> text("%.1f", s.brokerCores()));
        row(
                table,
                "brokers of %d cores".formatted(ScaleModel.BROKER_CORES),
                sites,
                s -> text("%,d", s.brokers()));
        row(table, "replicas a broker", sites, s -> text("%,d", s.replicasPerBroker()));
        row(
                table,
                "MB/s written to disks",
                sites,
                s -> text("%,.0f", s.writtenMegabytesPerSecond()));
        row(table, "MB/s read from brokers", sites, s -> text("%,.0f", s.readMegabytesPerSecond()));
        row(table, "TB on disks", sites, s -> text("%,.0f", s.keptTerabytes()));
        out.println(table);
    }

    private static void row(
            Table table,
            String name,
            List<ScaleModel.Site> sites,
            Function<ScaleModel.Site, String> figure) {
        var cells = new ArrayList<>(List.of(name));
        sites.forEach(site -> cells.add(figure.apply(site)));
        table.row(cells);
    }

    private static String hours(Duration window) {
        return text("%.1f h", window.toMinutes() / 60.0);
    }

    private static String text(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
