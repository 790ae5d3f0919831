/**
 * The status pages of a cluster: an HTTPS server beside the API server's that shows nodes,
 * workloads, events, resource use and the last conformance result. It has no rights of its own:
 * everything is read with the token of the user who logged in. Pages are rendered here, need
 * nothing from outside, and change nothing.
 */
@NullMarked
package io.kubra.console;

import org.jspecify.annotations.NullMarked;
