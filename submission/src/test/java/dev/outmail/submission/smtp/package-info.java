@NullMarked
package dev.outmail.submission.smtp;

import org.jspecify.annotations.NullMarked;
