/**
 * The node agent: it registers its machine as a node and runs the pods bound to it through a
 * container runtime. {@link io.kubra.node.NodeAgent} is the way in.
 */
@NullMarked
package io.kubra.node;

import org.jspecify.annotations.NullMarked;
