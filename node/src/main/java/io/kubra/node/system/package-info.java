/** The machine: paths, mounts, kernel facts. */
@NullMarked
package io.kubra.node.system;

import org.jspecify.annotations.NullMarked;
