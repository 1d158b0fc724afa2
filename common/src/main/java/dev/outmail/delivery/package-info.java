/// The delivery engine: what to do with an event, the means to do it, and how it ended.
@NullMarked
package dev.outmail.delivery;

import org.jspecify.annotations.NullMarked;
