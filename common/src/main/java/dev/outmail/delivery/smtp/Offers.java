package dev.outmail.delivery.smtp;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The service extensions that a server named in its answer to the last EHLO, as far as we use
/// them.
///
/// @param size whether MAIL may say how large the message is (RFC 1870)
/// @param sizeLimit the most bytes a message may have, if the server says
record Offers(
        boolean pipelining,
        boolean eightBitMime,
        boolean smtpUtf8,
        boolean size,
        OptionalLong sizeLimit) {

    /// @param parameter what follows SIZE, if anything; 0 is no limit
    static OptionalLong sizeLimit(@Nullable String parameter) {
        if (parameter == null
                || !parameter.matches("\\d{1,18}")
                || Long.parseLong(parameter) == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(parameter));
    }
}
