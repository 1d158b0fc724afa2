/// The outgoing mail page: what profiles' settings are, were and would do.
@NullMarked
package dev.outmail.console.settings;

import org.jspecify.annotations.NullMarked;
