/// Outmail in an application of Spring Boot.
@NullMarked
package dev.outmail.spring;

import org.jspecify.annotations.NullMarked;
