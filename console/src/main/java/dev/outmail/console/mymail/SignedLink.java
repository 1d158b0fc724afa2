package dev.outmail.console.mymail;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.KeyRing;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A link that an application gave to a recipient, and to nobody else.
record SignedLink(String profile, EmailAddress address, Instant until) {

    /// That of a request; empty where nobody signed it, or for longer ago.
    static Optional<SignedLink> of(Context context, KeyRing keys, Instant now) {
        var profile = parameter(context, "profile");
        var address = parameter(context, "address");
        var until = parameter(context, "until");
        if (!keys.hasSigned(text(profile, address, until), parameter(context, "signature"))
                || !until.matches("\\d{1,12}")) {
            return Optional.empty();
        }
        var end = Instant.ofEpochSecond(Long.parseLong(until));
        try {
            return now.isBefore(end)
                    ? Optional.of(new SignedLink(profile, EmailAddress.parse(address), end))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// What is signed.
    static String text(String profile, String address, String until) {
        return String.join("\n", "my-mail", profile, address, until, "");
    }

    private static String parameter(Context context, String name) {
        return Objects.requireNonNullElse(context.queryParam(name), "");
    }
}
