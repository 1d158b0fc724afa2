@NullMarked
package dev.outmail.spring;

import org.jspecify.annotations.NullMarked;
