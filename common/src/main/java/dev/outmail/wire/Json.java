package dev.outmail.wire;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as every codec here takes it: RFC 8259 to the letter, and within limits that no document of
/// ours comes near.
public final class Json {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME = 200;
    private static final int MAX_NUMBER = 32;
    private static final int MAX_TOKENS = 100_000;

    private Json() {}

    /// A mapper for documents of up to so many bytes. It refuses duplicate keys and what follows
    /// the document; callers refuse unknown fields themselves, with the nearest known one.
    public static JsonMapper mapper(int maxBytes) {
        var factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxDocumentLength(maxBytes)
                                        .maxStringLength(maxBytes)
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxNameLength(MAX_NAME)
                                        .maxNumberLength(MAX_NUMBER)
                                        .maxTokenCount(MAX_TOKENS)
                                        .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        // The table of names outlives a document: one with colliding names must not
                        // be the reason why the next one fails. The limits above bound the table.
                        .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                        .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }
}
