package dev.outmail.console.audit;

import java.time.Instant;

/// That somebody did something, or tried to.
///
/// @param by who, as logged in
/// @param from the address of the browser, or of the proxy before it
/// @param action such as `settings.save`
/// @param target what it was done to
/// @param detail printable
public record AuditEntry(
        Instant at, String by, String from, String action, String target, String detail) {}
