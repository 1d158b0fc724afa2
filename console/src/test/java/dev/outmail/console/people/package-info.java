@NullMarked
package dev.outmail.console.people;

import org.jspecify.annotations.NullMarked;
