/**
 * The seam between event loops and blocking code: bounded byte pipes with backpressure in both
 * directions, and the shared event loops. Knows nothing of HTTP.
 */
@NullMarked
package io.kubra.transport.io;

import org.jspecify.annotations.NullMarked;
