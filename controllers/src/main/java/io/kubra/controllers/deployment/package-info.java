/** Rolls ReplicaSets so that a Deployment's pods follow its template. */
@NullMarked
package io.kubra.controllers.deployment;

import org.jspecify.annotations.NullMarked;
