@NullMarked
package dev.outmail.worker.ledger;

import org.jspecify.annotations.NullMarked;
