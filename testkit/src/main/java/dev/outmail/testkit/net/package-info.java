/// Networks that are not what loopback is.
@NullMarked
package dev.outmail.testkit.net;

import org.jspecify.annotations.NullMarked;
