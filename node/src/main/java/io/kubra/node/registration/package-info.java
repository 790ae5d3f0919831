/** The node's own object, its status and its heartbeat. */
@NullMarked
package io.kubra.node.registration;

import org.jspecify.annotations.NullMarked;
