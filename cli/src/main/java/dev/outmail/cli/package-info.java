/// The `outmail` command: what a person types, and what is printed for them.
@NullMarked
package dev.outmail.cli;

import org.jspecify.annotations.NullMarked;
