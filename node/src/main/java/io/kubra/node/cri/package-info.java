/**
 * The container runtime as the agent sees it: a blocking client of the Container Runtime Interface
 * on a unix socket, and the runtime's event stream. The connection heals itself when the runtime
 * restarts; calls made meanwhile fail with {@link io.kubra.node.cri.CriException}.
 */
@NullMarked
package io.kubra.node.cri;

import org.jspecify.annotations.NullMarked;
