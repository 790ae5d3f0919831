/**
 * From a pod to the sandbox and container configurations that the runtime gets. Reads objects,
 * changes nothing.
 */
@NullMarked
package io.kubra.node.container;

import org.jspecify.annotations.NullMarked;
