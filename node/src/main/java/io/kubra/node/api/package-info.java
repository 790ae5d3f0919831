/** The node's HTTPS API: logs, commands, attach, port forwarding, statistics. */
@NullMarked
package io.kubra.node.api;

import org.jspecify.annotations.NullMarked;
