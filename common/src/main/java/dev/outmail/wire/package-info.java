/// How events and log entries look as bytes (design: the public contract).
@NullMarked
package dev.outmail.wire;

import org.jspecify.annotations.NullMarked;
