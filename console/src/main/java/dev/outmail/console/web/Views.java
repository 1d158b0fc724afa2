package dev.outmail.console.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;

/// Draws pages, and parts of pages, from the templates that were compiled into this module.
public final class Views {
    private static final String PACKAGE = "dev.outmail.console";

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Views.class.getClassLoader(), PACKAGE);

    /// Answers with a template.
    ///
    /// @param page the template's only parameter
    public void show(Context context, String template, Object page) {
        var html = new StringOutput(16 * 1024);
        engine.render(template, page, html);
        context.html(html.toString());
    }
}
