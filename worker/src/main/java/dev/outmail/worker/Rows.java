package dev.outmail.worker;

import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// Rows of a gauge, of which there are as many as there are things now.
final class Rows {
    private Rows() {}

    static <T> List<? extends Row<?>> of(
            Collection<T> things,
            String label,
            Function<T, Object> name,
            Function<T, ? extends Number> figure) {
        return things.stream()
                .map(thing ->
                        Row.of(Tags.of(label, name.apply(thing).toString()), figure.apply(thing)))
                .toList();
    }
}
