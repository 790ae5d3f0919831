/** Leader election over a Lease. */
@NullMarked
package io.kubra.client.leader;

import org.jspecify.annotations.NullMarked;
