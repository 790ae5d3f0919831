/** Counts what is used of resource quotas. */
@NullMarked
package io.kubra.controllers.resourcequota;

import org.jspecify.annotations.NullMarked;
