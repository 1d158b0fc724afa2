package dev.outmail.producer;

/// How much the tests under faults do: as much as fits into every build, or, with `-Pfaults`, as
/// much as the promise is about.
final class Faults {
    private static final boolean FULL = Boolean.getBoolean("outmail.test.faults");

    private Faults() {}

    static int size(int small, int full) {
        return FULL ? full : small;
    }
}
