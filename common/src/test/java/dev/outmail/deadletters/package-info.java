@NullMarked
package dev.outmail.deadletters;

import org.jspecify.annotations.NullMarked;
