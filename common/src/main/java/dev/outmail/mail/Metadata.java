package dev.outmail.mail;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Free data in the one form it has after a way over the wire: whole numbers are [Long] or
/// [BigInteger], others [BigDecimal]; maps and lists are copies that don't change.
final class Metadata {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_NAME = 200;
    private static final int MAX_DIGITS = 32;
    private static final int MAX_SCALE = 400;

    /// More than 32 digits can have; what is larger is not even written out.
    private static final int MAX_BITS = 128;

    private final Problems problems;

    private int values;

    private Metadata(Problems problems) {
        this.problems = problems;
    }

    static Map<String, @Nullable Object> copy(Map<String, ?> metadata, Problems problems) {
        var copier = new Metadata(problems);
        var copy = copier.object("metadata", metadata, 1);
        if (copier.values > MAX_VALUES) {
            problems.add(
                    "metadata",
                    copier.values + " values, more than " + MAX_VALUES,
                    "keep them elsewhere, and a reference here");
        }
        return copy;
    }

    private @Nullable Object value(String field, @Nullable Object written, int depth) {
        values++;
        return switch (written) {
            case null -> null;
            case Boolean truth -> truth;
            case String text -> text(field, text);
            case Long number -> number;
            case Integer number -> (Long) number.longValue();
            case Short number -> (Long) number.longValue();
            case Byte number -> (Long) number.longValue();
            case BigInteger number -> whole(field, number);
            case BigDecimal number -> decimal(field, number);
            case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
            case Float number when Float.isFinite(number) -> new BigDecimal(number.toString());
            case Map<?, ?> map -> object(field, map, depth + 1);
            case List<?> list -> array(field, list, depth + 1);
            default -> {
                problems.add(
                        field,
                        Problem.shown(String.valueOf(written)) + " is no value of JSON",
                        "use maps, lists, strings, finite numbers, booleans and null");
                yield null;
            }
        };
    }

    private Map<String, @Nullable Object> object(String field, Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        if (notTooDeep(field, depth)) {
            map.forEach((key, value) -> {
                String name = String.valueOf(key);
                String inner = field + "." + Characters.atMost(MAX_NAME, name);
                if (isName(inner, key)) {
                    copy.put(name, value(inner, value, depth));
                }
            });
        }
        return Collections.unmodifiableMap(copy);
    }

    private List<@Nullable Object> array(String field, List<?> list, int depth) {
        var copy = new ArrayList<@Nullable Object>(list.size());
        if (notTooDeep(field, depth)) {
            for (int i = 0; i < list.size(); i++) {
                copy.add(value(field + "[" + i + "]", list.get(i), depth));
            }
        }
        return Collections.unmodifiableList(copy);
    }

    private boolean notTooDeep(String field, int depth) {
        if (depth > MAX_DEPTH) {
            problems.add(
                    field, "it is nested deeper than " + MAX_DEPTH + " levels", "flatten the data");
        }
        return depth <= MAX_DEPTH;
    }

    private boolean isName(String field, @Nullable Object key) {
        if (key instanceof String name && Characters.utf8Length(name) <= MAX_NAME) {
            return text(field, name) != null;
        }
        problems.add(field, "the name is no string of up to 200 octets", "use a shorter name");
        return false;
    }

    private @Nullable String text(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Characters.isLoneSurrogate(text, i)) {
                problems.add(field, "it holds " + Characters.name(text, i), "remove it");
                return null;
            }
        }
        return text;
    }

    private @Nullable Object whole(String field, BigInteger number) {
        if (number.bitLength() < Long.SIZE) {
            return number.longValue();
        }
        return number.bitLength() > MAX_BITS || number.toString().length() > MAX_DIGITS
                ? tooLong(field)
                : number;
    }

    private @Nullable Object decimal(String field, BigDecimal number) {
        if (number.scale() == 0) {
            return whole(field, number.unscaledValue()); // JSON shows no difference
        }
        boolean sound =
                Math.abs((long) number.scale()) <= MAX_SCALE
                        && number.unscaledValue().bitLength() <= MAX_BITS
                        && number.toString().length() <= MAX_DIGITS;
        return sound ? number : tooLong(field);
    }

    private @Nullable Object tooLong(String field) {
        problems.add(
                field,
                "a number of more than " + MAX_DIGITS + " characters, or beyond 1E+-" + MAX_SCALE,
                "write it as a string");
        return null;
    }
}
