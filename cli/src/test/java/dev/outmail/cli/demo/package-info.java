@NullMarked
package dev.outmail.cli.demo;

import org.jspecify.annotations.NullMarked;
