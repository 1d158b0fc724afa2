package dev.outmail.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// The style sheets, scripts and images, all from this program's jars.
final class Assets {
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final String OWN = "/assets/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, String> types = new HashMap<>();

    Assets() {
        put("outmail.css", STYLE, OWN + "outmail.css");
        put("outmail.js", SCRIPT, OWN + "outmail.js");
        put("theme.js", SCRIPT, OWN + "theme.js");
        put("charts.js", SCRIPT, OWN + "charts.js");
        put("icon.svg", "image/svg+xml", OWN + "icon.svg");
        put("htmx.js", SCRIPT, WEBJARS + "htmx.org/2.0.4/dist/htmx.min.js");
        put("uplot.js", SCRIPT, WEBJARS + "uplot/1.6.30/dist/uPlot.iife.min.js");
        put("uplot.css", STYLE, WEBJARS + "uplot/1.6.30/dist/uPlot.min.css");
    }

    private void put(String name, String type, String resource) {
        try (var in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this program lacks " + resource);
            }
            contents.put(name, in.readAllBytes());
            types.put(name, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(RoutesConfig routes) {
        routes.get("/assets/{name}", this::answer, Role.ANYONE);
    }

    private void answer(Context context) {
        var name = context.pathParam("name");
        var type = types.get(name);
        var content = contents.get(name);
        if (type == null || content == null) {
            throw new NotFoundResponse();
        }
        context.contentType(type).header("Cache-Control", "private, max-age=300").result(content);
    }
}
