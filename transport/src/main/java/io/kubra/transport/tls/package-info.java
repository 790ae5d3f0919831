/**
 * Certificates, keys and trust: PEM in and out, and TLS settings that can be reloaded while in use.
 */
@NullMarked
package io.kubra.transport.tls;

import org.jspecify.annotations.NullMarked;
