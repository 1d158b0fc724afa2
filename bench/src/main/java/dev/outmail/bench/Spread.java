package dev.outmail.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// What several rounds gave.
record Spread(double min, double median, double max) {
    static Optional<Spread> ofAny(Collection<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(of(values));
    }

    /// @param values at least one
    static Spread of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /// Median, minimum and maximum in this format.
    String toString(String format) {
        return String.format(Locale.ROOT, format, median, min, max);
    }
}
