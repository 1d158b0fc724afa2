@NullMarked
package dev.outmail.delivery.mime;

import org.jspecify.annotations.NullMarked;
