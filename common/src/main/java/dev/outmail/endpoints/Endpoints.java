package dev.outmail.endpoints;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outmail.config.Deployment;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a program tells over HTTP: `/health/live`, `/health/ready` and `/metrics`. The JDK's own
/// server is enough for three plain answers.
public final class Endpoints implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Endpoints.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Endpoints(HttpServer server) {
        this.server = server;
    }

    /// Takes the port; nothing is answered before [#start].
    ///
    /// @throws BindException when the port can't be had
    public static Endpoints listenOn(Deployment.Http http) throws IOException {
        return new Endpoints(listen(http));
    }

    public void start(Supplier<String> metrics, Supplier<Health> live, Supplier<Health> ready) {
        server.setExecutor(threads);
        serve("/health/live", exchange -> health(exchange, live));
        serve("/health/ready", exchange -> health(exchange, ready));
        serve("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, metrics.get()));
        server.start();
    }

    private static HttpServer listen(Deployment.Http http) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(http.address(), http.port()), 0);
        } catch (BindException e) {
            throw new BindException(
                    "the port "
                            + http.port()
                            + " on "
                            + http.address()
                            + " can't be had ("
                            + e.getMessage()
                            + "); choose another with http.port");
        }
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Answer answer) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        if (!exchange.getRequestURI().getPath().equals(path)) {
                            answer(exchange, 404, TEXT, "not found\n");
                        } else if (!exchange.getRequestMethod().equals("GET")) {
                            exchange.getResponseHeaders().set("Allow", "GET");
                            answer(exchange, 405, TEXT, "GET only\n");
                        } else {
                            answer.to(exchange);
                        }
                    }
                });
    }

    private void health(HttpExchange exchange, Supplier<Health> check) throws IOException {
        var health = answerOf(check);
        int status = health.status() == Health.Status.DOWN ? 503 : 200;
        answer(exchange, status, JSON, health.json() + "\n");
    }

    /// Whoever asks gets an answer, even if a part of the program gives none.
    private Health answerOf(Supplier<Health> check) {
        var answer = threads.submit(check::get);
        try {
            return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return Health.of(Health.Part.down("checks", "no answer within " + PATIENCE));
        } catch (ExecutionException e) {
            log.atError().setCause(e).log("A health check failed; please report this");
            return Health.of(Health.Part.down("checks", String.valueOf(e.getCause())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.of(Health.Part.down("checks", "shut down"));
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
