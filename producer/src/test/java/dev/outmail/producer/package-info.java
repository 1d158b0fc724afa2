@NullMarked
package dev.outmail.producer;

import org.jspecify.annotations.NullMarked;
