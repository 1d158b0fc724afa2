package dev.outmail.testkit.smtp;

/// A line that a client sent outside of content.
///
/// @param connection numbered from 1
/// @param secure whether TLS protected it
public record Heard(int connection, boolean secure, String line) {}
