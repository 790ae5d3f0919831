/**
 * HTTP/1.1 and HTTP/2, server and client. Application code sees blocking interfaces: every request
 * runs on its own virtual thread, and event loops never run application code.
 */
@NullMarked
package io.kubra.transport.http;

import org.jspecify.annotations.NullMarked;
