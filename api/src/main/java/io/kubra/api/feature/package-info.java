/** Kubernetes' feature gates: which there are here, and which are on. */
@NullMarked
package io.kubra.api.feature;

import org.jspecify.annotations.NullMarked;
