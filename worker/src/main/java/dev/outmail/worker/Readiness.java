package dev.outmail.worker;

/// Whether the worker can do its work, and why or why not.
record Readiness(boolean ready, String detail) {}
