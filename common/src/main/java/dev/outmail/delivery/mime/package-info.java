/// An event as a MIME message (RFC 5322, RFC 2045 to 2049).
@NullMarked
package dev.outmail.delivery.mime;

import org.jspecify.annotations.NullMarked;
