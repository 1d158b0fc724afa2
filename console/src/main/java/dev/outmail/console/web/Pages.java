package dev.outmail.console.web;

import io.javalin.config.RoutesConfig;

/// Pages that belong together.
public interface Pages {
    /// Adds their paths, each with the role that it needs.
    void serve(RoutesConfig routes);
}
