/// SMTP conversations (RFC 5321) and the connections they run on.
@NullMarked
package dev.outmail.delivery.smtp;

import org.jspecify.annotations.NullMarked;
