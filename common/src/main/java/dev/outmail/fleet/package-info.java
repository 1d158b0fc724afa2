/// Who is alive and what they applied: what workers and applications say of themselves on the
/// workers' topic, and how it is read.
@NullMarked
package dev.outmail.fleet;

import org.jspecify.annotations.NullMarked;
