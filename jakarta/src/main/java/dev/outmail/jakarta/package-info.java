/// A Jakarta Mail transport, by which programs that send with Jakarta Mail publish to Outmail.
@NullMarked
package dev.outmail.jakarta;

import org.jspecify.annotations.NullMarked;
