package dev.outmail.submission.smtp;

import dev.outmail.config.DeploymentReader;
import java.util.Map;

/// Mail over SMTP in a process of its own, to be killed.
final class SmtpInMain {
    static final String READY = "READY ";

    private SmtpInMain() {}

    /// Runs one.
    ///
    /// @param arguments bootstrap servers and the topics' prefix
    public static void main(String[] arguments) throws Exception {
        var keys =
                Map.of(
                        "kafka.bootstrap.servers", arguments[0],
                        "topics.prefix", arguments[1],
                        "smtp-in.port", "0",
                        "http.address", "127.0.0.1",
                        "http.port", "0");
        var smtpIn = SmtpIn.start(DeploymentReader.read(keys, Map.of()));
        System.out.println(READY + smtpIn.port());
        smtpIn.awaitEnd();
    }
}
