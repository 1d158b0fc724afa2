/// What a program that stays tells over HTTP about itself.
@NullMarked
package dev.outmail.endpoints;

import org.jspecify.annotations.NullMarked;
