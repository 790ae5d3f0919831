/** Load on a whole API server, in a process of its own, from clients outside it. */
@NullMarked
package io.kubra.bench.apiserver;

import org.jspecify.annotations.NullMarked;
