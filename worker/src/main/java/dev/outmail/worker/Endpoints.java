package dev.outmail.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outmail.config.Deployment;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// What the worker tells over HTTP: `/health/live`, `/health/ready` and `/metrics`. The JDK's own
/// server is enough for three plain answers.
final class Endpoints implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Endpoints(HttpServer server) {
        this.server = server;
    }

    /// Takes the port; nothing is answered before [#start].
    static Endpoints listenOn(Deployment.Http http) throws IOException {
        return new Endpoints(listen(http));
    }

    void start(Supplier<String> metrics, Supplier<Readiness> live, Supplier<Readiness> ready) {
        server.setExecutor(threads);
        serve("/health/live", exchange -> health(exchange, live.get()));
        serve("/health/ready", exchange -> health(exchange, ready.get()));
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

    private static void health(HttpExchange exchange, Readiness readiness) throws IOException {
        answer(exchange, readiness.ready() ? 200 : 503, TEXT, readiness.detail() + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
