package dev.outmail.console.web;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Answers with what mails say: in a browser it runs nothing, fetches nothing and leads nowhere.
public final class MailFrame {
    private static final String CONTENT_SECURITY_POLICY =
            "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none';"
                    + " base-uri 'none'; frame-ancestors 'self'";

    private MailFrame() {}

    /// A mail's HTML, for a frame with an empty `sandbox`.
    public static void html(Context context, String html) {
        seal(context);
        context.header("X-Frame-Options", "SAMEORIGIN");
        context.contentType("text/html; charset=utf-8")
                .result(html.getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes to be kept in a file.
    public static void download(Context context, String name, byte[] content) {
        seal(context);
        context.contentType("application/octet-stream")
                .header("Content-Disposition", "attachment; filename*=UTF-8''" + encoded(name))
                .result(content);
    }

    private static void seal(Context context) {
        context.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("X-DNS-Prefetch-Control", "off");
    }

    /// RFC 8187 §3.2.1.
    private static String encoded(String name) {
        var encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if ((b >= '0' && b <= '9')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= 'a' && b <= 'z')
                    || b == '.'
                    || b == '-') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", b));
            }
        }
        return encoded.toString();
    }
}
