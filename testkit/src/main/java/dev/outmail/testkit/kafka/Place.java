package dev.outmail.testkit.kafka;

import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/// Where the broker of a run of tests is.
enum Place {
    THIS_JVM,
    CONTAINER,
    CONTAINER_OR_NOT_AT_ALL;

    /// As chosen by the system property `outmail.test.broker`, or else by the environment's
    /// `OUTMAIL_TEST_BROKER`.
    ///
    /// `in-process`, the default, is the quickest and needs nothing; `docker` is Testcontainers'
    /// and fails without Docker; `auto` is Testcontainers' where Docker answers, else in process.
    static Place chosen() {
        String choice =
                Optional.ofNullable(System.getProperty("outmail.test.broker"))
                        .or(() -> Optional.ofNullable(System.getenv("OUTMAIL_TEST_BROKER")))
                        .orElse("in-process");
        return switch (choice) {
            case "in-process" -> THIS_JVM;
            case "docker" -> CONTAINER;
            case "auto" -> dockerAnswers() ? CONTAINER : THIS_JVM;
            default ->
                    throw new IllegalArgumentException(
                            "outmail.test.broker is in-process, docker or auto, not " + choice);
        };
    }

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
