/** WebSocket (RFC 6455) connections with a blocking interface, the same for server and client. */
@NullMarked
package io.kubra.transport.websocket;

import org.jspecify.annotations.NullMarked;
