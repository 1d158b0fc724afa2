/// Who may see and do what: users, their sessions, the pages about them.
@NullMarked
package dev.outmail.console.people;

import org.jspecify.annotations.NullMarked;
