@NullMarked
package dev.outmail.kafka;

import org.jspecify.annotations.NullMarked;
