package dev.outmail.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.config.Deployment;
import dev.outmail.endpoints.Health.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndpointsTest {
    private final Endpoints endpoints = listen();
    private final HttpClient http = HttpClient.newHttpClient();

    private static Endpoints listen() {
        try {
            return Endpoints.listenOn(new Deployment.Http("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        endpoints.close();
        http.close();
    }

    @Test
    void aCheckThatHangsIsAnsweredForAndKeepsNoOtherFromItsAnswer() throws Exception {
        var never = new CountDownLatch(1);
        endpoints.start(() -> "", EndpointsTest::alive, () -> afterwards(never));

        var hanging = get("/health/ready");

        assertThat(hanging.statusCode()).isEqualTo(503);
        assertThat(hanging.body()).contains("\"checks\"", "no answer within PT2S");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aCheckThatFailsIsDown() throws Exception {
        Supplier<Health> failing =
                () -> {
                    throw new IllegalStateException("broken");
                };
        endpoints.start(() -> "", EndpointsTest::alive, failing);

        var answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("broken");
    }

    @Test
    void whatIsDegradedIsReady() throws Exception {
        endpoints.start(
                () -> "",
                EndpointsTest::alive,
                () -> Health.of(Part.up("a", "well"), Part.degraded("b", "\"so\" so")));

        var answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"status":"degraded","components":{"a":{"status":"up","detail":"well"},"b":{"status":"degraded","detail":"\\"so\\" so"}}}
                        """);
    }

    private static Health alive() {
        return Health.of(Part.up("worker", "alive"));
    }

    private static Health afterwards(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return alive();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + endpoints.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
