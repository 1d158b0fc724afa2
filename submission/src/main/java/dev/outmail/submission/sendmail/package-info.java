/// The `sendmail` command and the spool it writes to.
@NullMarked
package dev.outmail.submission.sendmail;

import org.jspecify.annotations.NullMarked;
