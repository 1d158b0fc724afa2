package dev.outmail.console.web;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets nothing be done from another site's pages (OWASP, Cross-Site Request Forgery Prevention): a
/// browser says where a request comes from, and what says nothing is refused.
final class SameOrigin {
    private static final Set<HandlerType> HARMLESS =
            Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    private SameOrigin() {}

    static void require(Context context) {
        if (HARMLESS.contains(context.method())) {
            return;
        }
        var site = context.header("Sec-Fetch-Site");
        var origin = context.header("Origin");
        boolean own = origin != null && isOwn(origin, context.host());
        if (site == null ? !own : !site.equals("same-origin") || (origin != null && !own)) {
            throw new ForbiddenResponse("This was not sent from a page of this console.");
        }
        // What forms of other sites can send without asking is narrowed further.
        if (!context.isFormUrlencoded()) {
            throw new HttpResponseException(
                    UNSUPPORTED_MEDIA_TYPE, "Only forms of this console are taken.");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return host != null
                && (origin.equals("https://" + host) || origin.equals("http://" + host));
    }
}
