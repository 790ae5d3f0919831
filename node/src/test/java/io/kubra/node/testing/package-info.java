/** What the agent's tests run against: a containerd of their own and a small API server. */
@NullMarked
package io.kubra.node.testing;

import org.jspecify.annotations.NullMarked;
