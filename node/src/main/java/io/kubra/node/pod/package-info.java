/**
 * One worker, a virtual thread, for each pod: it brings the runtime to what the pod wants, from
 * first start to last removal.
 */
@NullMarked
package io.kubra.node.pod;

import org.jspecify.annotations.NullMarked;
