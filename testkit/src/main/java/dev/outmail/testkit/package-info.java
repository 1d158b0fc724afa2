/// What tests share: the one way to wait, time by hand, programs of the machine.
@NullMarked
package dev.outmail.testkit;

import org.jspecify.annotations.NullMarked;
