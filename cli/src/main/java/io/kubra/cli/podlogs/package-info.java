/** The logs of containers of a whole cluster, through its API. */
@NullMarked
package io.kubra.cli.podlogs;

import org.jspecify.annotations.NullMarked;
