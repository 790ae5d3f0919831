/** Calls an HTTP handler inside the same process: the semantics of HTTP without sockets or TLS. */
@NullMarked
package io.kubra.transport.local;

import org.jspecify.annotations.NullMarked;
