/// What an application wants sent: the event, its addresses, and the rules that both publisher and
/// worker hold them to.
@NullMarked
package dev.outmail.mail;

import org.jspecify.annotations.NullMarked;
