@NullMarked
package dev.outmail.endpoints;

import org.jspecify.annotations.NullMarked;
