/** Runs the probes of running containers; one virtual thread for each probe. */
@NullMarked
package io.kubra.node.probe;

import org.jspecify.annotations.NullMarked;
