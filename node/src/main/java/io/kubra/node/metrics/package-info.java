/** What the node agent counts of its work, under upstream's names. Safe for many threads. */
@NullMarked
package io.kubra.node.metrics;

import org.jspecify.annotations.NullMarked;
