@NullMarked
package dev.outmail.worker;

import org.jspecify.annotations.NullMarked;
