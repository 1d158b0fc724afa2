package dev.outmail.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/// A string of base64 (RFC 4648 §4: standard alphabet, padded, no line breaks), decoded straight
/// from the document where that is possible. An attachment is nearly all of a large event; as a
/// string it would be held two or three times over.
final class Base64Value {
    private Base64Value() {}

    /// The bytes, or null if the string is not base64.
    ///
    /// @param document what the parser reads from its first byte on, the parser being at a string
    static byte @Nullable [] read(JsonParser parser, byte[] document) {
        int start = (int) parser.currentTokenLocation().getByteOffset() + 1;
        int end = start;
        while (end < document.length && document[end] != '"' && document[end] != '\\') {
            end++;
        }
        return end < document.length && document[end] == '"'
                ? decode(Arrays.copyOfRange(document, start, end))
                // escaped (some writers make every / of it a \/), or the document ends here, as the
                // parser will say
                : decode(parser.getString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] decode(byte[] base64) {
        if (base64.length % 4 != 0) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
