/// An application, as the page on Spring shows it.
@NullMarked
package dev.outmail.spring.tasks;

import org.jspecify.annotations.NullMarked;
