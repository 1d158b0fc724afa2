/// Dead letters: events that will not be tried again, kept whole; reading them, and what a person
/// may do about them.
@NullMarked
package dev.outmail.deadletters;

import org.jspecify.annotations.NullMarked;
