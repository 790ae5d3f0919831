/** The checks of a machine before it becomes part of a cluster, one class each. */
@NullMarked
package io.kubra.cli.host.check;

import org.jspecify.annotations.NullMarked;
