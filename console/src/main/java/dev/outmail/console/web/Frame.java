package dev.outmail.console.web;

import io.javalin.http.Context;

/// What is around a page: its title, who looks at it, and where it is in the navigation.
///
/// @param place the first part of its path, which the navigation marks
public record Frame(String title, Visitor visitor, String place) {
    public static Frame of(Context context, String title) {
        var path = context.path().substring(1);
        int slash = path.indexOf('/');
        return new Frame(title, Visitor.of(context), slash < 0 ? path : path.substring(0, slash));
    }
}
