/// SMTP servers for tests: one that follows a script, and Postfix's own sink.
@NullMarked
package dev.outmail.testkit.smtp;

import org.jspecify.annotations.NullMarked;
