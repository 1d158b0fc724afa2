/// What is sent: the same mails for every peer.
@NullMarked
package dev.outmail.bench.letter;

import org.jspecify.annotations.NullMarked;
