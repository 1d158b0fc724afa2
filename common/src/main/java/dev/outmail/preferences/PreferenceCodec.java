package dev.outmail.preferences;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.settings.Timing;
import dev.outmail.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Preferences as records of their topic: the recipient's address is the key, `{"timing":
/// "instantly"}` or `{"timing": "in-background"}` the value, and no value says that nothing is
/// chosen any more.
public final class PreferenceCodec {
    private static final int MAX_BYTES = 1024;
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);

    /// As nearly all values are: a million of them need no parser.
    private static final byte[] INSTANTLY = value(Timing.INSTANTLY);

    private static final byte[] IN_BACKGROUND = value(Timing.IN_BACKGROUND);

    private PreferenceCodec() {}

    /// What a record says of the recipient whose address is its key.
    sealed interface Decoded {
        record Chosen(Timing timing) implements Decoded {}

        record Cleared() implements Decoded {}

        /// Neither; what is wrong is said without the address.
        record Malformed(String problem) implements Decoded {}
    }

    /// The key of a recipient's records.
    public static byte[] key(EmailAddress address) {
        return address.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The value of a record that says this.
    public static byte[] value(Timing timing) {
        return JSON.writeValueAsBytes(JSON.createObjectNode().put("timing", timing.wireName()));
    }

    /// A line of JSON with `address` and `timing`.
    ///
    /// @param timing null where nothing is chosen
    public static String toJson(EmailAddress address, @Nullable Timing timing) {
        var json = JSON.createObjectNode().put("address", address.toString());
        return json.put("timing", timing == null ? null : timing.wireName()).toString();
    }

    /// Decodes; never throws.
    static Decoded decode(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null || !isKey(key)) {
            return new Decoded.Malformed("the key is no address as Outmail writes it");
        }
        if (value == null) {
            return new Decoded.Cleared();
        }
        return timing(value)
                .<Decoded>map(Decoded.Chosen::new)
                .orElseGet(() ->
                        new Decoded.Malformed(
                                "the value is neither %s nor %s"
                                        .formatted(
                                                new String(INSTANTLY, StandardCharsets.UTF_8),
                                                new String(
                                                        IN_BACKGROUND, StandardCharsets.UTF_8))));
    }

    /// Two ways to write an address would be two entries, of which compaction keeps both.
    private static boolean isKey(byte[] key) {
        if (PlainAddress.is(key)) {
            return true;
        }
        try {
            var address = EmailAddress.parse(new String(key, StandardCharsets.UTF_8));
            return Arrays.equals(key(address), key);
        } catch (InvalidAddress e) {
            return false;
        }
    }

    private static Optional<Timing> timing(byte[] value) {
        if (Arrays.equals(value, INSTANTLY)) {
            return Optional.of(Timing.INSTANTLY);
        }
        if (Arrays.equals(value, IN_BACKGROUND)) {
            return Optional.of(Timing.IN_BACKGROUND);
        }
        return value.length > MAX_BYTES ? Optional.empty() : parsed(value);
    }

    private static Optional<Timing> parsed(byte[] value) {
        try {
            var json = JSON.readTree(value);
            var timing = json.path("timing");
            return json.isObject() && json.size() == 1 && timing.isString()
                    ? Timing.of(timing.stringValue())
                    : Optional.empty();
        } catch (JacksonException | NumberFormatException e) { // the latter the parser's
            return Optional.empty();
        }
    }
}
