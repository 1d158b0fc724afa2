package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.submission.smtp.SmtpIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `outmail smtp-in`.
@Command(
        name = "smtp-in",
        description =
                "Takes mail over SMTP from any program and publishes it. SIGTERM drains it. Its"
                        + " endpoints are on http.port (default: 8082).",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SmtpInCommand implements Callable<Integer> {
    private static final String PORT = "8082";

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        var deployment = kafka.deployment("http.port", PORT);
        var smtpIn = start(deployment);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(
                "Taking mail over SMTP on " + deployment.smtpIn().address() + ":" + smtpIn.port());
        out.flush();
        return Shutdown.stay(smtpIn::awaitEnd, smtpIn::close);
    }

    private static SmtpIn start(Deployment deployment) throws IOException {
        try {
            return SmtpIn.start(deployment);
        } catch (GeneralSecurityException | UncheckedIOException e) {
            throw Failure.wrongUsage(String.valueOf(e.getMessage()));
        }
    }
}
