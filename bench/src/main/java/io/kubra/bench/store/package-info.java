/** Measurements of the embedded store: writes, reads, watches, opening. */
@NullMarked
package io.kubra.bench.store;

import org.jspecify.annotations.NullMarked;
