@NullMarked
package dev.outmail.config;

import org.jspecify.annotations.NullMarked;
