@NullMarked
package dev.outmail.cli;

import org.jspecify.annotations.NullMarked;
