/**
 * What nodes may do: read what the pods that were bound to them refer to, and write about
 * themselves. The graph of references is kept from change events of pods.
 */
@NullMarked
package io.kubra.apiserver.nodeauth;

import org.jspecify.annotations.NullMarked;
