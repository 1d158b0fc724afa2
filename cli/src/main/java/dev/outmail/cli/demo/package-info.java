/// `outmail demo`: everything on this machine for a minute, counted.
@NullMarked
package dev.outmail.cli.demo;

import org.jspecify.annotations.NullMarked;
