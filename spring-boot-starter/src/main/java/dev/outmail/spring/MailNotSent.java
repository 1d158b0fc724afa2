package dev.outmail.spring;

import dev.outmail.mail.MailEvent;

/// Told to the application's listeners, on a thread of its own: a transaction has committed and a
/// mail that waited for that was not sent. It may be published again as it is, with the same id.
///
/// @param mail which it is
/// @param failure what sending it ended with
public record MailNotSent(MailEvent mail, Throwable failure) {}
