/**
 * SPDY/3.1 connections, server and client side, as Kubernetes uses them after an HTTP upgrade for
 * exec, attach and port-forward. One event loop owns a connection; streams are read and written by
 * blocking code.
 */
@NullMarked
package io.kubra.transport.spdy;

import org.jspecify.annotations.NullMarked;
