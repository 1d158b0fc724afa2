/// What all pages share: how they are served, drawn and guarded.
@NullMarked
package dev.outmail.console.web;

import org.jspecify.annotations.NullMarked;
