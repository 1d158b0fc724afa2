package dev.outmail.wire;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// What a user probably meant by a name that nobody knows.
public final class Nearest {
    private static final int MAX_LENGTH = 100;

    private Nearest() {}

    /// The known name that is the fewest typing errors away (a letter too many, missing, wrong, or
    /// two swapped; case doesn't count), if those are no more than a third of its letters.
    public static Optional<String> to(String written, Collection<String> known) {
        if (written.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int errors = errors(lower(written), lower(candidate));
            if (errors < fewest && errors <= Math.max(1, candidate.length() / 3)) {
                fewest = errors;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /// The Damerau-Levenshtein distance in its restricted form (optimal string alignment).
    static int errors(String from, String to) {
        int[] beforeLast;
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            beforeLast = last;
            last = row;
            row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                if (isSwap(from, i, to, j)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[to.length()];
    }

    private static boolean isSwap(String from, int i, String to, int j) {
        return i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
