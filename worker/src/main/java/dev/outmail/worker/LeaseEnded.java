package dev.outmail.worker;

/// A delivery's partition is no longer ours: whoever owns it next starts over.
final class LeaseEnded extends Exception {
    private static final long serialVersionUID = 1L;
}
