/**
 * A folder whose manifests are kept applied. One thread looks at the folder each second; what it
 * applied from which file is recorded in the cluster, as an {@code Addon} for each file, so that a
 * server that starts again knows what to delete when something has left the folder meanwhile.
 */
@NullMarked
package io.kubra.addons.manifests;

import org.jspecify.annotations.NullMarked;
