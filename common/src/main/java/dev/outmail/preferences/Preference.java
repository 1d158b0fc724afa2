package dev.outmail.preferences;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Timing;
import java.util.Objects;

/// What a recipient chose.
///
/// @param address the recipient. Its domain is in lower case; the part before the `@` is as it was
///   written, as only the recipient's server knows whether `Ada` and `ada` are one (RFC 5321 §2.4)
/// @param timing when mail that is for this recipient alone is delivered
public record Preference(EmailAddress address, Timing timing) {
    public Preference {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(timing, "timing");
    }
}
