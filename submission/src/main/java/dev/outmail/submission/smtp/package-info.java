/// Mail taken over SMTP (RFC 6409), published before it is answered for.
@NullMarked
package dev.outmail.submission.smtp;

import org.jspecify.annotations.NullMarked;
