@NullMarked
package dev.outmail.console.web;

import org.jspecify.annotations.NullMarked;
