/** What containers, pods and the node use, read when somebody asks. */
@NullMarked
package io.kubra.node.stats;

import org.jspecify.annotations.NullMarked;
