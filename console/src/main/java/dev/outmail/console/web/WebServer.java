package dev.outmail.console.web;

import dev.outmail.config.Deployment;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves pages: every path to those only whose role it names, and nothing from other sites.
public final class WebServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);
    private static final long MAX_REQUEST_BYTES = 256 * 1024;

    private final Javalin server;

    private WebServer(Javalin server) {
        this.server = server;
    }

    /// Listens.
    ///
    /// @param who tells who a request is from
    /// @throws IOException when the port can't be had
    public static WebServer start(
            Deployment.Http http, Views views, Function<Context, Visitor> who, List<Pages> pages)
            throws IOException {
        var server = Javalin.create(config -> configure(config, views, who, pages));
        try {
            return new WebServer(server.start(http.address(), http.port()));
        } catch (JavalinBindException e) {
            throw new IOException(
                    "the port %d on %s can't be had (%s); choose another with http.port"
                            .formatted(http.port(), http.address(), e.getMessage()),
                    e);
        }
    }

    private static void configure(
            JavalinConfig config, Views views, Function<Context, Visitor> who, List<Pages> pages) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.concurrency.useVirtualThreads = true;
        var routes = config.routes;
        routes.before(Headers::put);
        routes.beforeMatched(context -> admit(context, who));
        new Assets().serve(routes);
        pages.forEach(some -> some.serve(routes));
        tellOfFailures(routes, views);
    }

    private static void admit(Context context, Function<Context, Visitor> who) {
        SameOrigin.require(context);
        var visitor = who.apply(context);
        visitor.entersAs(context);
        var needed = needed(context);
        if (visitor.may(needed)) {
            return;
        }
        if (visitor.role() != Role.ANYONE) {
            throw new ForbiddenResponse("This needs the role " + needed.written() + ".");
        }
        if (context.header("HX-Request") != null) {
            context.header("HX-Redirect", "/login").status(401).skipRemainingHandlers();
        } else {
            context.redirect("/login");
            context.skipRemainingHandlers();
        }
    }

    /// A path that names no role is nobody's.
    private static Role needed(Context context) {
        return context.routeRoles().stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .findFirst()
                .orElseThrow(() -> new ForbiddenResponse("This is nobody's."));
    }

    private static void tellOfFailures(RoutesConfig routes, Views views) {
        routes.exception(
                HttpResponseException.class,
                (failure, context) ->
                        tell(context, views, failure.getStatus(), failure.getMessage()));
        routes.exception(
                Exception.class,
                (failure, context) -> {
                    log.atError()
                            .addKeyValue("path", context.path())
                            .setCause(failure)
                            .log("A page could not be made");
                    tell(context, views, 500, "Something went wrong here; the log has more.");
                });
    }

    private static void tell(Context context, Views views, int status, @Nullable String message) {
        views.show(
                context,
                "web/failure.jte",
                new FailurePage(Frame.of(context, "Error " + status), status, "" + message));
        context.status(status);
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
