/// What applications link: publish mail events in the background, or deliver them instantly in
/// process.
@NullMarked
package dev.outmail.producer;

import org.jspecify.annotations.NullMarked;
