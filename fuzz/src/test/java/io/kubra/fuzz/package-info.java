/**
 * Fuzz targets for everything that reads what a client sends. A build runs each target on the
 * inputs kept beside it; with {@code JAZZER_FUZZ=1} the fuzzer looks for new ones.
 */
@NullMarked
package io.kubra.fuzz;

import org.jspecify.annotations.NullMarked;
