/// Mail clients under load, each used as its documentation says.
@NullMarked
package dev.outmail.bench.peer;

import org.jspecify.annotations.NullMarked;
