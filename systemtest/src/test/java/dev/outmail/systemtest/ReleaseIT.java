package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The release archive, unpacked.
class ReleaseIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    @Test
    void aWorkerRunsFromWhereTheArchiveIsUnpacked() throws Exception {
        var release = Release.FOLDER;
        Files.deleteIfExists(release.resolve("lib/worker.aot"));

        var help = Release.run(release.resolve("bin/outmail"), "worker", "--help");

        assertThat(Release.firstStart()).contains("first start", "outmail ");
        assertThat(help).contains("first start", "outmail worker");
        assertThat(release.resolve("lib")).isDirectoryContaining("glob:**/outmail.aot");
        assertThat(release.resolve("lib")).isDirectoryContaining("glob:**/worker.aot");
        assertThat(release.resolve("lib")).isDirectoryContaining("glob:**/sendmail.aot");
        assertThat(Files.readString(release.resolve("THIRD-PARTY.txt")))
                .contains("(Apache-2.0) Apache Kafka", "(EPL-2.0) Angus Mail Provider");
        assertThat(release.resolve("LICENSE"))
                .hasSameBinaryContentAs(Checkout.ROOT.resolve("LICENSE"));
        assertThat(release.resolve("schemas")).isDirectoryContaining("glob:**/event.json");
        assertThat(release.resolve("examples/kcat/publish.sh")).isExecutable();
        assertThat(release.resolve("examples/node/publish.js")).isRegularFile();
        int port = freePort();
        try (var worker = startWorker(release, port)) {
            awaitReady(worker, port);
            assertThat(worker.output()).doesNotContain("first start");
            assertThat(terminate(worker)).as(worker.output()).isZero();
        }
    }

    private ExternalProgram startWorker(Path release, int port) {
        var environment =
                Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "OUTMAIL_KAFKA_BOOTSTRAP_SERVERS",
                        OUTMAIL.up().kafka(),
                        "OUTMAIL_HTTP_ADDRESS",
                        "127.0.0.1",
                        "OUTMAIL_HTTP_PORT",
                        Integer.toString(port));
        return ExternalProgram.start(
                List.of(release.resolve("bin/outmail").toString(), "worker"), environment);
    }

    private static void awaitReady(ExternalProgram worker, int port) {
        try (var http = HttpClient.newHttpClient()) {
            var ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
            Await.until(
                    Release.TIME_TO_START,
                    () -> worker.isRunning() && status(http, ready).equals(Optional.of(200)),
                    worker::output);
        }
    }

    private static Optional<Integer> status(HttpClient http, URI uri) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri).build();
            return Optional.of(http.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// SIGTERM; one that takes more than ten seconds is killed, which tells in the exit code.
    private static int terminate(ExternalProgram worker) {
        worker.close();
        return worker.awaitExit(Duration.ofSeconds(1));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
