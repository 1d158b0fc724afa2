/// The outgoing-mail settings of the moment: what they are, how they are read live, how they are
/// saved.
@NullMarked
package dev.outmail.settings;

import org.jspecify.annotations.NullMarked;
