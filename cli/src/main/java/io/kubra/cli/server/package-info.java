/** The server process: API server, controllers and scheduler, and the control plane's own node. */
@NullMarked
package io.kubra.cli.server;

import org.jspecify.annotations.NullMarked;
