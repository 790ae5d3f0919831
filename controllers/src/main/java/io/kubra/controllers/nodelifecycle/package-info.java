/** Notices nodes that fall silent, taints them, and evicts pods that do not tolerate the taints. */
@NullMarked
package io.kubra.controllers.nodelifecycle;

import org.jspecify.annotations.NullMarked;
