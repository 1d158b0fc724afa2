/// The page where recipients choose for themselves.
@NullMarked
package dev.outmail.console.mymail;

import org.jspecify.annotations.NullMarked;
