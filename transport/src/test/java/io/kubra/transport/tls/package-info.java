/** Tests of the package. */
@NullMarked
package io.kubra.transport.tls;

import org.jspecify.annotations.NullMarked;
