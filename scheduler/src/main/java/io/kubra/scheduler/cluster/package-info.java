/** What the scheduler knows of nodes and the pods on them. Confined to the scheduling thread. */
@NullMarked
package io.kubra.scheduler.cluster;

import org.jspecify.annotations.NullMarked;
