/// Outmail in tests of applications.
@NullMarked
package dev.outmail.spring.test;

import org.jspecify.annotations.NullMarked;
