/// Dead letters, mail held in doubt, and mail that was silenced: looked at, and something done
/// about them.
@NullMarked
package dev.outmail.console.letters;

import org.jspecify.annotations.NullMarked;
