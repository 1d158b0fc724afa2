/// The mailing log: an index of it that can be made anew at any time, and the pages that search it.
@NullMarked
package dev.outmail.console.log;

import org.jspecify.annotations.NullMarked;
