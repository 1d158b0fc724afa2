/// Who did what, on a topic of its own.
@NullMarked
package dev.outmail.console.audit;

import org.jspecify.annotations.NullMarked;
