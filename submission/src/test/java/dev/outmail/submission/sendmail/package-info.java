@NullMarked
package dev.outmail.submission.sendmail;

import org.jspecify.annotations.NullMarked;
