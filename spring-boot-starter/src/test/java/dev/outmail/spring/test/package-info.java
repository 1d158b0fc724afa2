@NullMarked
package dev.outmail.spring.test;

import org.jspecify.annotations.NullMarked;
